import { describe, expect, it } from 'vitest';
import { parseDuration, rangesOf } from '../src/wording/duration';

describe('a Prometheus duration', () => {
  it.each([
    ['1h30m', 5_400_000],
    ['1y', 31_536_000_000],
    ['250ms', 250],
  ])('%s is %i ms', (text, ms) => expect(parseDuration(text)).toBe(ms));

  it.each(['', '5', '1m1h', '1.5h', '-5m'])('%j is none', (text) =>
    expect(() => parseDuration(text)).toThrow(RangeError)
  );
});

it('finds the ranges and the subqueries of a query, and no label or index', () => {
  expect(rangesOf('max_over_time(rate(x{a="[b]"}[5m])[1h:30s]) / y[ 1y ]')).toEqual([
    { ms: 300_000, subquery: false },
    { ms: 3_600_000, subquery: true },
    { ms: 31_536_000_000, subquery: false },
  ]);
  expect(rangesOf('x[i] + y[1m1h]')).toEqual([]);
});
