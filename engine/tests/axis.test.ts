import { describe, expect, it } from 'vitest';
import { softMaximum } from '../src';

describe('the soft end of an axis', () => {
  it.each([
    ['a share of errors', 0.01, 'percentunit', 0.02],
    ['a share in use, which cannot be more than all', 0.8, 'percentunit', 1],
    ['a duration', 0.5, 's', 1],
    ['an amount of memory', 1024, 'bytes', 2048],
    ['a threshold of zero', 0, 'short', 1],
    ['a threshold below zero', -3, 's', 1],
    ['no threshold', undefined, 'reqps', 1],
  ])('%s', (_name, threshold, unit, expected) => {
    expect(softMaximum(threshold, unit)).toBe(expected);
  });
});
