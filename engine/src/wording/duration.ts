/** Prometheus durations: the one place that reads and writes them, and finds them in queries. */

const UNITS: ReadonlyArray<readonly [string, number]> = [
  ['y', 31_536_000_000],
  ['w', 604_800_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1000],
  ['ms', 1],
];

const DURATION = /^(?!$)(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/;

/** Whether a text is a Prometheus duration; `0s` is one. */
export function isDuration(text: string): boolean {
  return DURATION.test(text);
}

/** Milliseconds of a Prometheus duration such as `1h30m`. Throws a RangeError on anything else. */
export function parseDuration(text: string): number {
  const match = DURATION.exec(text);
  if (match === null) {
    throw new RangeError(`\`${text}\` is no duration; write it like 30s, 5m or 1h30m`);
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

/** The times in brackets of a query, in ms, in the order in which they stand: `[5m]` is a range, `[1h:30s]` a subquery. */
export function rangesOf(expr: string): Array<{ readonly ms: number; readonly subquery: boolean }> {
  return [...expr.matchAll(/\[\s*(\w+)\s*(:[^\]]*)?\]/g)].flatMap(([, text = '', step]) =>
    isDuration(text) ? [{ ms: parseDuration(text), subquery: step !== undefined }] : []
  );
}
