const UNITS: ReadonlyArray<readonly [string, number]> = [
  ['w', 604_800_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
];

/** Milliseconds of a Prometheus duration such as `1h30m`. Throws an Error on anything else. */
function parseDuration(text: string): number {
  const match = /^(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/.exec(text);
  if (match === null || text === '') {
    throw new Error(`\`${text}\` is no duration; write it like 30s, 5m or 1h30m`);
  }
  return UNITS.reduce((sum, [, size], index) => sum + Number(match[index + 1] ?? 0) * size, 0);
}

/** The shortest way to write so many milliseconds as a Prometheus duration. */
function prometheusDuration(milliseconds: number): string {
  let rest = Math.round(milliseconds);
  let text = '';
  for (const [unit, size] of UNITS) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    text += count > 0 ? `${count}${unit}` : '';
  }
  return text === '' ? '0s' : text;
}

/** `duration` × `to` / `from`, in whole seconds where it is longer than one. */
export function scaleDuration(duration: string, to: string, from: string): string {
  const scaled = (parseDuration(duration) * parseDuration(to)) / parseDuration(from);
  return prometheusDuration(scaled >= 1000 ? Math.round(scaled / 1000) * 1000 : scaled);
}

/** The longest time in brackets of a query (`[5m]`, `[1h:30s]`), in ms; 0 when it has none. */
export function longestRange(expr: string): number {
  return Math.max(
    0,
    ...[...expr.matchAll(/\[((?:\d+(?:ms|[wdhms]))+)(?::[^\]]*)?\]/g)].map(([, text]) => parseDuration(text ?? ''))
  );
}
