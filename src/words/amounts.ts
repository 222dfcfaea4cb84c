/** Words for times and counts; amounts with a unit are the engine's `formatUnit`. */
import { dateTimeFormat } from '@grafana/data';
import { formatDuration } from '@live-runbooks/engine';

/** A time that passed, to the second: `40 s`, `6 min 20 s`. Milliseconds in. */
export function duration(ms: number): string {
  return formatDuration(Math.max(0, Math.round(ms / 1000)));
}

/** A duration as packs and Prometheus write it (`90s`, `1h30m`), in words; anything else as it is. */
export function durationInWords(text: string): string {
  const parts = [...text.matchAll(/(\d+)(ms|s|m|h|d|w)/g)];
  const whole = parts.map(([part]) => part).join('') === text && parts.length > 0;
  return whole
    ? formatDuration(parts.reduce((ms, [, n, unit]) => ms + Number(n) * (MS[unit ?? ''] ?? 0), 0) / 1000)
    : text;
}

const MS: Readonly<Record<string, number>> = { ms: 1, s: 1e3, m: 6e4, h: 3.6e6, d: 8.64e7, w: 6.048e8 };

/** Clock time in the reader's time zone; with the day when it is not the day of `near`. */
export function clock(at: number, near: number = at): string {
  const sameDay = dateTimeFormat(at, { format: 'YYYY-MM-DD' }) === dateTimeFormat(near, { format: 'YYYY-MM-DD' });
  return dateTimeFormat(at, { format: sameDay ? 'HH:mm:ss' : 'YYYY-MM-DD HH:mm:ss' });
}

/** `1 signal`, `3 signals`. */
export function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`;
}
