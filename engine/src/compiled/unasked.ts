/** Outcomes of what nobody has answered. */
import type { Outcome } from '../model/outcome';

/**
 * An outcome of nothing yet; every outcome begins with it, and so has every key, in one order: ranking reads them by the
 * thousand, and objects of one shape are read several times as fast as objects of many.
 */
export const BLANK: Outcome = {
  signal: '',
  state: 'unknown',
  severity: undefined,
  value: undefined,
  unit: undefined,
  threshold: undefined,
  margin: undefined,
  since: undefined,
  rows: [],
  askedAt: 0,
  tookMs: 0,
  reason: undefined,
  detail: undefined,
  mend: undefined,
};

/** The outcome of a signal that has not been asked, or whose answer has not come yet. */
export function unasked(signal: string): Outcome {
  return {
    ...BLANK,
    signal,
    reason: 'cancelled',
    detail: 'not answered yet',
    mend: 'Wait for the answer or ask again.',
  };
}
