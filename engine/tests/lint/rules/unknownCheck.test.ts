import { expect, it } from 'vitest';

import { lintRule } from './lintRule';

const asking = (asked: string) =>
  lintRule('unknown-check', {
    signals: `it: { title: It, diagnostics: { target: x, ${asked} }, test: { above: 0 } }\n`,
  });

it('refuses a misspelt check, field or table, at its place, with the nearest name', () => {
  expect(asking('check: postgres.bloking, field: waiting')).toEqual([
    'p/signals/s.yaml:1:51: error: the check `postgres.bloking` does not exist; did you mean `postgres.blocking`?; there is: postgres.availability, postgres.blocking, postgres.connections, postgres.queries [unknown-check]',
  ]);
  expect(asking('check: postgres.blocking, field: wating').join()).toContain('did you mean `waiting`?');
  expect(asking('check: postgres.blocking, rows: root').join()).toContain('did you mean `roots`?');
});

it.each([
  'check: postgres.blocking, field: waiting',
  'check: postgres.blocking, field: value',
  'check: postgres.blocking, rows: roots',
  'check: postgres.queries, field: a_name_of_the_configuration',
])('leaves alone %s', (asked) => {
  expect(asking(asked)).toEqual([]);
});
