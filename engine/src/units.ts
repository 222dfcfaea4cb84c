/** Numbers as people say them. Own code and not Intl: this runs for thousands of facts in a few milliseconds. */

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

/** Seconds as `380 ms`, `45 s`, `6 min 20 s`, `2 h 5 min`, `3 d 4 h`. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds)) {
    return formatNumber(seconds);
  }
  if (seconds < 0) {
    return `-${formatDuration(-seconds)}`;
  }
  if (seconds < 1) {
    return `${formatNumber(Math.round(seconds * 1000))} ms`;
  }
  if (seconds < 10) {
    return `${formatNumber(Math.round(seconds * 10) / 10)} s`;
  }
  if (seconds < 100) {
    return `${Math.round(seconds)} s`;
  }
  if (seconds < 600) {
    const whole = Math.round(seconds);
    return whole % 60 === 0 ? `${whole / 60} min` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
  }
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) {
    return `${minutes} min`;
  }
  const hours = Math.floor(minutes / 60);
  if (hours < 48) {
    return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  }
  const days = Math.floor(hours / 24);
  return hours % 24 === 0 ? `${days} d` : `${days} d ${hours % 24} h`;
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
  return `${formatNumber(Math.abs(percent) >= 10 ? Math.round(percent) : Number(percent.toPrecision(2)))} %`;
}

/** A value in a Grafana unit. */
export function formatUnit(value: number, unit: string): string {
  switch (unit) {
    case 'percentunit':
      return formatPercent(value);
    case 'percent':
      return formatPercent(value / 100);
    case 's':
      return formatDuration(value);
    case 'ms':
      return formatDuration(value / 1000);
    case 'bytes':
    case 'decbytes':
      return formatBytes(value);
    case 'binBps':
    case 'Bps':
      return `${formatBytes(value)}/s`;
    case 'reqps':
      return `${formatNumber(value)} requests/s`;
    case 'ops':
    case 'cps':
    case 'wps':
    case 'rps':
      return `${formatNumber(value)}/s`;
    case 'opm':
    case 'cpm':
      return `${formatNumber(value)}/min`;
    case '':
    case 'none':
    case 'short':
    case 'bool':
      return formatNumber(value);
    default:
      return `${formatNumber(value)} ${unit}`;
  }
}

function group(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ',');
}
