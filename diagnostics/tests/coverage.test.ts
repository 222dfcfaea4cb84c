/** How much was seen is never said to be all before it is. */
import { expect, test } from 'vitest';
import { coverageOf } from '../src/model/coverage';

test.each([
  [9000, 9001, 0.999],
  [29_999, 30_000, 0.999],
  [9001, 9001, 1],
  // Keys that are gone since they were counted.
  [9002, 9001, 1],
  [0, 0, 1],
  [0, 1, 0],
  [1, 3, 0.333],
  [2, 3, 0.667],
])('%i of %i: %f', (seen, all, share) => {
  expect(coverageOf(seen, all)).toBe(share);
});
