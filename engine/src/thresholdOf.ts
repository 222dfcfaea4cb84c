import type { Test } from './model/pack';

/** Where a test of an amount turns; undefined for a test for equality. */
export function thresholdOf(test: Test): number | undefined {
  return 'above' in test ? test.above : 'below' in test ? test.below : undefined;
}

/** The number that a test compares with: its threshold, or what it asks to be equal or different. */
export function comparedNumber(test: Test): number | undefined {
  const equal = 'is' in test ? test.is : 'isNot' in test ? test.isNot : undefined;
  return thresholdOf(test) ?? (typeof equal === 'number' ? equal : undefined);
}
