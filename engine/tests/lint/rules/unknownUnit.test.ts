import { expect, it } from 'vitest';

import { lintRule } from './lintRule';

const unit = (asked: string, written: string) =>
  lintRule('unit', { signals: `it: { title: It, ${asked}, test: { above: 0.5 }, unit: ${written} }\n` }).join();
const used = 'diagnostics: { check: postgres.connections, target: x, field: usedRatio }';

it('refuses a unit that is none, and one that the field does not have', () => {
  expect(unit('prometheus: x', 'secnds')).toContain('the unit `secnds` does not exist');
  expect(unit(used, 'short')).toContain('is in percentunit, not in short: write `unit: percentunit`');
  expect(unit(used.replace('usedRatio', 'value'), 's')).toContain('not in s');
});

it('leaves others alone', () => {
  expect(unit('prometheus: x', 'reqps')).toBe('');
  expect(unit(used, 'percentunit')).toBe('');
});
