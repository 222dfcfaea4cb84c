import { expect, it } from 'vitest';

import { lintRule } from './lintRule';

const field = (name: string, test: string) =>
  lintRule('impossible-value', {
    signals: `it: { title: It, diagnostics: { check: postgres.availability, target: x, field: ${name} }, test: ${test} }\n`,
  }).join();
const where = (condition: string) =>
  lintRule('impossible-value', {
    signals: `it: { title: It, diagnostics: { check: postgres.blocking, target: x, rows: roots, where: { ${condition} } } }\n`,
  }).join();

it.each([
  ['class', '{ is: refusd }', 'did you mean `refused`?'],
  ['class', '{ oneOf: [ok, refuse] }', 'did you mean `refused`?'],
  ['class', '{ isNot: fine }', '`fine`'],
  ['class', '{ above: 0 }', 'is a word and has no threshold'],
  ['up', '{ is: no }', 'is true or false'],
  ['message', '{ above: 0 }', 'is a text and has no threshold'],
  ['message', '{ is: true }', 'is a text, and never `true`'],
])('refuses a test of `%s` that is %s', (name, test, says) => {
  expect(field(name, test)).toContain(says);
});

it.each([
  ['class', '{ is: refused }'],
  ['class', '{ isNot: ok }'],
  ['up', '{ is: false }'],
  ['up', '{ below: 1 }'],
])('leaves a test of `%s` alone that is %s', (name, test) => {
  expect(field(name, test)).toBe('');
});

it('holds the conditions of queries and of evidence to it, and leaves a parameter open', () => {
  expect(where('kind: { noneOf: [autovacuum] }')).toContain('`autovacuum`');
  expect(where('kind: [session, background]')).toBe('');
  expect(where("kind: '{{postgres}}'")).toBe('');
  expect(
    lintRule('impossible-value', {
      signals: 'it: { title: It, diagnostics: { check: postgres.blocking, target: x, rows: roots } }\n',
      runbook:
        'causes:\n  c: { title: C, says: C, evidence: [{ signal: it, present: strong, where: { kind: nobody } }], fixes: [] }\n',
    })
  ).toEqual([expect.stringMatching(/^p\/r\.yaml:9:.*`nobody`/)]);
});
