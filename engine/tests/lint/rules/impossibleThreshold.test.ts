import { expect, it } from 'vitest';

import { lintRule } from './lintRule';

const check = (asked: string, test: string) =>
  lintRule('impossible-threshold', {
    signals: `it: { title: It, diagnostics: { target: x, ${asked} }, test: ${test} }\n`,
  }).join();
const used = 'check: postgres.connections, field: usedRatio';
const rows = 'check: postgres.blocking, rows: roots';

it('refuses a threshold where the value never is', () => {
  expect(check(used, '{ above: 80 }')).toContain('is a share, 0 to 1, and `80` is 8000 %');
  expect(check(used, '{ above: -0.5 }')).toContain('`above: -0.5` always holds');
  expect(check(rows, '{ below: 0 }')).toContain('`below: 0` never holds');
});

it('leaves others alone', () => {
  expect(check(used, '{ above: 0.8 }')).toBe('');
  expect(check(rows, '{ above: 0 }')).toBe('');
  expect(check('check: postgres.blocking, field: longestWaitSeconds', '{ above: 80 }')).toBe('');
});
