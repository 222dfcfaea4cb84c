/** An end within this of now means now. */
const PRESENT_MS = 30_000;

/**
 * The moment that the end of a panel's time range names, in ms; undefined when it is now. The range of a panel menu is
 * raw: `now`, `now-30m`, an ISO time, or a moment.
 */
export function panelTime(to: unknown, now: number): number | undefined {
  const at = typeof to === 'string' ? fromText(to, now) : toNumber(to);
  return at !== undefined && Number.isFinite(at) && at < now - PRESENT_MS ? Math.round(at) : undefined;
}

const UNIT_MS: Readonly<Record<string, number>> = { s: 1e3, m: 6e4, h: 36e5, d: 864e5, w: 6048e5 };

function fromText(text: string, now: number): number | undefined {
  const relative = /^now(?:-(\d+)([smhdw]))?$/.exec(text);
  if (relative) {
    return now - Number(relative[1] ?? 0) * (UNIT_MS[relative[2] ?? 's'] ?? 0);
  }
  return /^\d+$/.test(text) ? Number(text) : Date.parse(text);
}

function toNumber(value: unknown): number | undefined {
  return typeof value === 'number'
    ? value
    : typeof value === 'object' && value !== null
      ? Number(value.valueOf())
      : undefined;
}
