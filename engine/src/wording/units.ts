/** The one formatter of amounts, for sentences and for the numbers beside them. Own code and not Intl: this runs for thousands of facts in a few milliseconds. */

/** At most three significant digits, no trailing zeros, thousands grouped: `1,234`, `0.0123`. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) {
    return Number.isNaN(value) ? 'no number' : value > 0 ? 'infinite' : '-infinite';
  }
  const size = Math.abs(value);
  if (Number.isInteger(value)) {
    return size < 1000 ? String(value) : group(value);
  }
  if (size >= 1000) {
    return group(Math.round(value));
  }
  return String(Number(value.toPrecision(3)));
}

/** A whole number of things. */
export function formatCount(value: number): string {
  return formatNumber(Math.round(value));
}

/** Seconds in at most two units: `380 ms`, `11.6 s`, `6 min 20 s`, `2 h 5 min`, `3 d 4 h`. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) {
    return formatNumber(seconds);
  }
  if (seconds < 0) {
    return `-${formatDuration(-seconds)}`;
  }
  const ms = Math.round(seconds * 1000);
  if (ms < 1000) {
    return `${ms} ms`;
  }
  const tenths = Math.round(seconds * 10);
  if (tenths < 600) {
    return `${tenths / 10} s`;
  }
  const whole = Math.round(seconds);
  if (whole < 3600) {
    return twoUnits(Math.floor(whole / 60), 'min', whole % 60, 's');
  }
  const minutes = Math.round(seconds / 60);
  if (minutes < 1440) {
    return twoUnits(Math.floor(minutes / 60), 'h', minutes % 60, 'min');
  }
  const hours = Math.round(seconds / 3600);
  return twoUnits(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

function twoUnits(large: number, largeUnit: string, small: number, smallUnit: string): string {
  const first = `${formatNumber(large)} ${largeUnit}`;
  return small === 0 ? first : `${first} ${small} ${smallUnit}`;
}

/**
 * Times a second as `86/s`; what happens less than once a second as `1 every 2 s`, because nobody counts 0.485 calls.
 * `what` names one of them, for `23 requests/s` and `1 request every 2 s`.
 */
export function formatRate(perSecond: number, what?: string): string {
  const one = what === undefined ? '' : ` ${what}`;
  const size = Math.abs(perSecond);
  if (!(size > 0 && size < 0.95)) {
    return `${formatNumber(size < 1 ? Math.round(perSecond) : perSecond)}${what === undefined ? '' : `${one}s`}/s`;
  }
  const every = 1 / size;
  return `${perSecond < 0 ? '-' : ''}1${one} every ${formatDuration(every < 1.95 ? every : Math.round(every))}`;
}

/** Bytes as `512 B`, `1.5 GiB`. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'];
  let value = bytes;
  let unit = 0;
  while (Math.abs(value) >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${formatNumber(unit === 0 ? value : Number(value.toPrecision(3)))} ${units[unit] ?? 'B'}`;
}

/** A ratio as `12 %`, `0.5 %`. */
export function formatPercent(ratio: number): string {
  const percent = ratio * 100;
  const size = Math.abs(percent);
  // Nearly all is not all: 99.7 % of the slots in use is one slot free.
  if (size >= 99.5 && size < 100) {
    return `${Math.trunc(percent * 10) / 10} %`;
  }
  return `${formatNumber(size >= 10 ? Math.round(percent) : Number(percent.toPrecision(2)))} %`;
}

/** How a value in a Grafana unit is written. */
const WRITTEN: ReadonlyMap<string, (value: number) => string> = new Map([
  ['percentunit', formatPercent],
  ['percent', (value) => formatPercent(value / 100)],
  ['s', formatDuration],
  ['ms', (value) => formatDuration(value / 1000)],
  ['bytes', formatBytes],
  ['decbytes', formatBytes],
  ['binBps', (value) => `${formatBytes(value)}/s`],
  ['Bps', (value) => `${formatBytes(value)}/s`],
  ['reqps', (value) => formatRate(value, 'request')],
  ['ops', (value) => formatRate(value)],
  ['cps', (value) => formatRate(value)],
  ['wps', (value) => formatRate(value)],
  ['rps', (value) => formatRate(value)],
  ['opm', (value) => `${formatNumber(value)}/min`],
  ['cpm', (value) => `${formatNumber(value)}/min`],
  ['d', (value) => `${formatNumber(value)} d`],
  ['none', formatNumber],
  ['short', formatNumber],
  ['bool', formatNumber],
]);

/** The Grafana units that `formatUnit` writes as such. */
export const UNITS: readonly string[] = [...WRITTEN.keys()];

/** A value in a Grafana unit; one that is not known stands behind the number as it is. */
export function formatUnit(value: number, unit: string): string {
  const write = unit === '' ? formatNumber : WRITTEN.get(unit);
  return write === undefined ? `${formatNumber(value)} ${unit}` : write(value);
}

function group(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}
