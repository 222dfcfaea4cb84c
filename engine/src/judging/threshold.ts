/** The tests and conditions of a pack, held against what was found. */
import type { BoundPack } from '../model/bound';
import type { Scalar } from '../model/outcome';
import type { Condition, Test } from '../model/pack';
import { bindText } from '../planning/bindText';

/** A margin beyond this says nothing more, and infinity is no JSON. */
const MAX_MARGIN = 1000;

/** Whether a number passes a test: the signal is then present. */
export function passes(test: Test, value: number): boolean {
  if ('above' in test) {
    return value > test.above;
  }
  if ('below' in test) {
    return value < test.below;
  }
  return matchesTest(test, value);
}

/** Whether a field, of any type, is what a test for equality asks. */
export function matchesTest(
  test: Extract<Test, { is: unknown } | { isNot: unknown } | { oneOf: unknown }>,
  field: Scalar
): boolean {
  if ('oneOf' in test) {
    return test.oneOf.some((wanted) => same(field, wanted));
  }
  return 'is' in test ? same(field, test.is) : !same(field, test.isNot);
}

/** Orders values, the worst for this test first. */
export function worse(test: Test, a: number, b: number): number {
  if ('above' in test) {
    return b - a || 0;
  }
  if ('below' in test) {
    return a - b || 0;
  }
  return Number(passes(test, b)) - Number(passes(test, a));
}

/** How far past its threshold a present value is, as a ratio ≥ 0; undefined when the test has no scale. */
export function marginOf(test: Test, value: number): number | undefined {
  if ('above' in test) {
    const scale = test.above === 0 ? (test.critical ?? 0) : test.above;
    return scale === 0 ? undefined : clampMargin((value - test.above) / Math.abs(scale));
  }
  if ('below' in test) {
    return test.below > 0 && value > 0
      ? clampMargin(test.below / value - 1)
      : test.below === 0
        ? undefined
        : clampMargin((test.below - value) / Math.abs(test.below));
  }
  return undefined;
}

function clampMargin(margin: number): number {
  return Math.min(MAX_MARGIN, Math.max(0, margin));
}

/** Whether a cell of a table meets a condition; a cell that is not there is none of the unwanted, and meets no other. */
export function holds(bound: BoundPack, condition: Condition, cell: Scalar | undefined): boolean {
  if (cell === undefined) {
    return 'noneOf' in condition;
  }
  if ('is' in condition) {
    return same(cell, typeof condition.is === 'string' ? (bindText(bound, condition.is) ?? '') : condition.is);
  }
  if ('oneOf' in condition) {
    return condition.oneOf.some((wanted) => same(cell, wanted));
  }
  return compares(condition, cell);
}

/** The conditions that hold no parameter. */
export function compares(condition: Exclude<Condition, { is: unknown } | { oneOf: unknown }>, cell: Scalar): boolean {
  if ('noneOf' in condition) {
    return !condition.noneOf.some((unwanted) => same(cell, unwanted));
  }
  if ('matches' in condition) {
    return cell !== null && patternOf(condition.matches).test(String(cell));
  }
  const value = typeof cell === 'number' ? cell : typeof cell === 'string' && cell.trim() !== '' ? Number(cell) : NaN;
  return 'above' in condition ? value > condition.above : value < condition.below;
}

const patterns = new Map<string, RegExp>();

/** Patterns are few, written by authors, and asked for each row. */
function patternOf(text: string): RegExp {
  let found = patterns.get(text);
  if (found === undefined) {
    found = new RegExp(text, 'iu');
    patterns.set(text, found);
  }
  return found;
}

/** `5` and `"5"` are the same: a source may answer either. */
export function same(a: Scalar, b: Scalar): boolean {
  return a === b || (a !== null && b !== null && String(a) === String(b));
}
