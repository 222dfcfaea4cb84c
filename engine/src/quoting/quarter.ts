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

/** A quarter of a duration: the last part of a window. PromQL cannot divide durations. */
export function quarterOf(duration: string, kind: FillValue['kind']): string {
  if (kind !== 'duration') {
    throw new RangeError('only a duration has a quarter');
  }
  let total = 0;
  for (const [, amount = '0', unit = 's'] of duration.matchAll(/(\d+)(ms|[ywdhms])/g)) {
    total += Number(amount) * (UNIT_MS[unit] ?? 0);
  }
  const quarter = Math.max(1, Math.round(total / 4));
  return quarter % 1000 === 0 ? `${quarter / 1000}s` : `${quarter}ms`;
}
