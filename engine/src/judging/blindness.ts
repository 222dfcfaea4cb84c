/** What could not be seen and should be: the question was asked of somebody who has the answer, and it did not come. */
import type { UnknownReason } from '../model/outcome';

/** What was never set up, has nothing to show yet or does not apply hides nothing red. */
const NO_BLINDNESS: ReadonlySet<UnknownReason> = new Set<UnknownReason>([
  'not-applicable',
  'not-configured',
  'no-series',
  'cancelled',
]);

/** Undefined is a check or an outcome that says nothing of why. */
export function isBlindness(reason: UnknownReason | undefined): boolean {
  return reason === undefined || !NO_BLINDNESS.has(reason);
}
