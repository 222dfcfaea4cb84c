import type { FillValue } from './slot';

const UNIT_MS: Readonly<Record<string, number>> = {
  y: 31_536_000_000,
  w: 604_800_000,
  d: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
};

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
  const total = millisecondsOf(String(value));
  const least = scrape === undefined ? 1 : SCRAPES_IN_A_WINDOW * millisecondsOf(scrape);
  const quarter = Math.max(1, Math.min(Math.max(Math.round(total / 4), least), total));
  return quarter % 1000 === 0 ? `${quarter / 1000}s` : `${quarter}ms`;
}

/** Milliseconds of a Prometheus duration such as `1h30m`. */
export function millisecondsOf(duration: string): number {
  let total = 0;
  for (const [, amount = '0', unit = 's'] of duration.matchAll(/(\d+)(ms|[ywdhms])/g)) {
    total += Number(amount) * (UNIT_MS[unit] ?? 0);
  }
  return total;
}
