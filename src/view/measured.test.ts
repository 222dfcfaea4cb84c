import { describe, expect, it } from 'vitest';
import type { Outcome, Signal } from '@live-runbooks/engine';
import { measured } from './measured';

const signal = (more: Partial<Signal> = {}): Signal => ({
  id: 's',
  title: 'S',
  query: { source: 'prometheus', expr: 's' },
  test: { above: 0 },
  unit: 'percentunit',
  empty: 'unknown',
  maxAge: 60,
  mend: {},
  cost: 1,
  requires: [],
  ...more,
});
const outcome: Outcome = { signal: 's', state: 'present', value: 0.866, rows: [], askedAt: 1, tookMs: 1 };

describe('the number behind an outcome', () => {
  it('stands against its threshold', () => {
    expect(measured(outcome, signal())).toBe('87 % > 0 %');
    expect(measured({ ...outcome, state: 'absent', value: 0 }, signal())).toBe('0 % ≤ 0 %');
  });

  it('is left out of a change: that another version ran in 87 % of the look-back is no measure of it', () => {
    expect(measured(outcome, signal({ change: {} }))).toBe('present');
  });
});
