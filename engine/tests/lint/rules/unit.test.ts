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

it('refuses a share, a time or a size where the field is a count, a word or a flag', () => {
  const field = (name: string) => `diagnostics: { check: postgres.connections, target: x, field: ${name} }`;
  expect(unit(field('idle'), 'percentunit')).toContain('is a count, not in percentunit: write `unit: short`');
  expect(unit('diagnostics: { check: postgres.availability, target: x, field: class }', 's')).toContain(
    'is a word, not in s'
  );
  expect(unit('diagnostics: { check: postgres.queries, target: x, field: mine }', 'percentunit')).toContain(
    'is a count'
  );
  expect(unit(field('idle'), 'short')).toBe('');
});

it('leaves others alone', () => {
  expect(unit('prometheus: x', 'reqps')).toBe('');
  expect(unit(used, 'percentunit')).toBe('');
});
