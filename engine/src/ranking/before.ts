/**
 * What was there longer than this before a cause began is no effect of it. Less proves nothing: a source tells of a cause late, by
 * a round of checks, a scrape, or the time that a session has to wait before it counts.
 */
const CLEARLY_BEFORE_MS = 5 * 60_000;

/** The earliest beginning that an effect of a cause can have, which began at `onset` (ms); any, where that is not known. */
export function earliestEffect(onset: number | undefined): number {
  return onset === undefined ? -Infinity : onset - CLEARLY_BEFORE_MS;
}
