import { parseDuration } from '../wording/duration';
import type { FillValue } from './slot';

/** Scrapes that a window has to hold: `rate` needs two, and one may be lost at each edge. */
export const SCRAPES_IN_A_WINDOW = 4;

/**
 * A quarter of a duration: the last part of a window (PromQL cannot divide durations). When the scrape interval is known
 * it is never shorter than four scrapes, because a shorter range answers at random; nor longer than the window itself.
 */
export function quarterOf({ value, kind, scrape }: FillValue): string {
  if (kind !== 'duration') {
    throw new RangeError('only a duration has a quarter');
  }
  const total = parseDuration(String(value));
  const least = scrape === undefined ? 1 : SCRAPES_IN_A_WINDOW * parseDuration(scrape);
  const quarter = Math.max(1, Math.min(Math.max(Math.round(total / 4), least), total));
  return quarter % 1000 === 0 ? `${quarter / 1000}s` : `${quarter}ms`;
}
