import { dateTimeFormat, formattedValueToString, getValueFormat } from '@grafana/data';

/** A duration in at most two parts: `40 s`, `6 min`, `2 h 5 min`, `3 d`. Milliseconds in. */
export function duration(ms: number): string {
  const s = Math.max(0, Math.round(ms / 1000));
  if (s < 60) {
    return `${s} s`;
  }
  const min = Math.floor(s / 60);
  if (min < 60) {
    return min < 5 && s % 60 !== 0 ? `${min} min ${s % 60} s` : `${min} min`;
  }
  const h = Math.floor(min / 60);
  if (h < 24) {
    return min % 60 === 0 ? `${h} h` : `${h} h ${min % 60} min`;
  }
  return `${Math.floor(h / 24)} d`;
}

/** A value with its Grafana unit (`short`, `percentunit`, `s`, `bytes`); not a number says so. */
export function amount(value: number | undefined, unit: string | undefined): string {
  if (value === undefined) {
    return 'unknown';
  }
  if (Number.isNaN(value)) {
    return 'not a number';
  }
  // Durations read the same everywhere, in sentences and beside them.
  if (unit === 's' && Math.abs(value) >= 60) {
    return (value < 0 ? '-' : '') + duration(Math.abs(value) * 1000);
  }
  const text = formattedValueToString(getValueFormat(unit || 'short')(value)).trim();
  const short = text.replace(/(\.\d*?)0+(?=\D|$)/, (_, decimals: string) => (decimals === '.' ? '' : decimals));
  return short.replace(/(\d)%$/, '$1 %');
}

/** A duration as packs and Prometheus write it (`90s`, `1h30m`), in words; anything else as it is. */
export function durationInWords(text: string): string {
  const parts = [...text.matchAll(/(\d+)(ms|s|m|h|d|w)/g)];
  const whole = parts.map(([part]) => part).join('') === text && parts.length > 0;
  return whole ? duration(parts.reduce((ms, [, n, unit]) => ms + Number(n) * (MS[unit ?? ''] ?? 0), 0)) : text;
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
