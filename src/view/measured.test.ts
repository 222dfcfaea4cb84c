import { describe, expect, it } from 'vitest';
import type { Outcome, Signal } from '@live-runbooks/engine';
import { measured, testInWords } from './measured';

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

describe('the test of an alert’s rule', () => {
  const ofClass = (test: Signal['test']) =>
    signal({
      test,
      query: { source: 'diagnostics', check: 'redis.availability', target: 'r', read: { field: 'class' } },
    });

  it.each([
    [signal({ test: { above: 0.01, critical: 0.05 } }), 'above 5 %'],
    [signal({ test: { below: 1 }, unit: 'short' }), 'below 1'],
    [signal({ test: { is: 0 }, unit: 'short' }), '0'],
    [signal({ test: { isNot: true } }), 'anything but yes'],
    [signal({ test: { is: 'noeviction' } }), '“noeviction”'],
    [signal({ test: { is: 'no-permission' } }), '“no-permission”'],
    [ofClass({ is: 'refused' }), '“the connection is refused”'],
    [ofClass({ oneOf: ['timeout'] }), '“no answer in time”'],
    [ofClass({ oneOf: ['dns', 'timeout'] }), '“the name does not resolve” or “no answer in time”'],
    [
      ofClass({ oneOf: ['auth', 'busy', 'tls'] }),
      '“the login is refused”, “busy with a script” or “the TLS handshake fails”',
    ],
    [ofClass({ isNot: 'ok' }), 'anything but “it answers”'],
  ])('%# is said in words: %s', (tested, words) => {
    expect(testInWords(tested, 'critical')).toBe(words);
  });
});
