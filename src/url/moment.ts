import { dateMath, dateTimeForTimeZone } from '@grafana/data';
import type { TimeZone } from '@grafana/schema';

/** An end of a time range within this of now means now: dashboards refresh, and their `to` is a few seconds old. */
const PRESENT_MS = 30_000;
/** Earlier than any recording: a number below it is no time in milliseconds (seconds, a typing error, nothing). */
const EARLIEST_MS = Date.UTC(2000, 0, 1);
/** What a `Date` can hold. */
const LATEST_MS = 8.64e15;

/** A moment as a link names it: the present, ms since the epoch, or what cannot be read. */
type Moment = 'now' | 'unreadable' | number;

/**
 * Reads a moment as Grafana writes it into links and hands it to extensions: milliseconds, an ISO time, `now`, `now-30m`,
 * `now-1d/d`, or a moment object. What is not over yet is now: there is nothing to judge it by. As an end of a range, it
 * is rounded up, so that `now/d` is the end of the day in `timeZone` (the browser's when absent).
 */
export function readMoment(value: unknown, now: number, timeZone?: TimeZone): Moment {
  const at = typeof value === 'string' ? fromText(value.trim(), now, timeZone) : toNumber(value);
  if (at === undefined || !(at >= EARLIEST_MS && at <= LATEST_MS)) {
    return 'unreadable';
  }
  return at < now ? Math.round(at) : 'now';
}

/** The moment at which a time range is judged: its end, where the last half minute counts as now. */
export function readRangeEnd(to: unknown, now: number, timeZone?: TimeZone): Moment {
  const moment = readMoment(to, now, timeZone);
  return typeof moment === 'number' && moment >= now - PRESENT_MS ? 'now' : moment;
}

function fromText(text: string, now: number, timeZone?: TimeZone): number | undefined {
  if (text.startsWith('now')) {
    return dateMath.parseDateMath(text.slice('now'.length), dateTimeForTimeZone(timeZone, now), true)?.valueOf();
  }
  if (/^\d+$/.test(text)) {
    return Number(text);
  }
  return /^\d{4}-\d\d-\d\d/.test(text) ? Date.parse(text) : undefined;
}

function toNumber(value: unknown): number | undefined {
  return typeof value === 'number'
    ? value
    : typeof value === 'object' && value !== null
      ? Number(value.valueOf())
      : undefined;
}
