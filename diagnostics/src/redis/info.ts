/** The fields of INFO. https://redis.io/docs/latest/commands/info/ */

export function parseInfo(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const line of text.split('\r\n')) {
    const colon = line.indexOf(':');
    if (colon > 0 && !line.startsWith('#')) {
      fields.set(line.slice(0, colon), line.slice(colon + 1));
    }
  }
  return fields;
}

/** A number of INFO; null when this version or edition does not give it. */
export function infoNumber(info: ReadonlyMap<string, string>, name: string): number | null {
  const value = info.get(name);
  return value === undefined || value === '' || !Number.isFinite(Number(value)) ? null : Number(value);
}

/** How often commands failed with this error since start or reset: 0 when never; null when INFO has no errorstats. */
export function errorCount(info: ReadonlyMap<string, string>, code: string): number | null {
  const found = /count=(\d+)/.exec(info.get(`errorstat_${code}`) ?? '');
  if (found) {
    return Number(found[1]);
  }
  return info.has('total_error_replies') ? 0 : null;
}

export interface Database {
  readonly keys: number;
  /** Keys that expire. */
  readonly expires: number;
}

/** Databases that have keys, by number: `db0:keys=3,expires=1,avg_ttl=0`. */
export function databasesOf(info: ReadonlyMap<string, string>): ReadonlyMap<number, Database> {
  return new Map(
    [...info].flatMap(([name, value]): Array<[number, Database]> => {
      const number = /^db(\d+)$/.exec(name)?.[1];
      const [, keys, expires] = /^keys=(\d+),expires=(\d+)/.exec(value) ?? [];
      return number === undefined || keys === undefined
        ? []
        : [[Number(number), { keys: Number(keys), expires: Number(expires) }]];
    })
  );
}
