import { parseDuration } from './duration';

/** Milliseconds since the epoch. */
export interface TimeRange {
  from: number;
  to: number;
}

/** `from` and `to` as Grafana's backend reads them: milliseconds, `now`, `now-30m`; what it cannot read is the epoch. */
export function parseTimeRange(from: unknown, to: unknown, now: number): TimeRange {
  return { from: parseTime(from, now), to: parseTime(to, now) };
}

function parseTime(text: unknown, now: number): number {
  const value = String(text ?? '');
  if (/^\d+$/.test(value)) {
    return Number(value);
  }
  const relative = /^now(?:([+-])(\w+))?$/.exec(value);
  if (!relative) {
    return 0;
  }
  const [, sign, duration] = relative;
  const distance = parseDuration(duration) ?? 0;
  return sign === '-' ? now - distance : now + distance;
}
