/** What a Redis check gets to work with: the replies of one round, asked in one round trip. */
import type { RedisTargetConfig } from '../config/schema';
import type { KeySpaceView } from './key-space';
import type { Reply } from './session';

export interface RedisCheckContext {
  /** Fields of INFO, all sections. */
  readonly info: ReadonlyMap<string, string>;
  /** ms that PING took. */
  readonly pingMs: number;
  readonly slowlogLength: Reply | Error;
  readonly slowlog: Reply | Error;
  readonly latencyLatest: Reply | Error;
  readonly latencyDoctor: Reply | Error;
  /** More commands in one round trip; each answers its reply or its error. */
  readonly ask: (commands: ReadonlyArray<readonly string[]>) => Promise<ReadonlyArray<Reply | Error>>;
  readonly lists: RedisTargetConfig['lists'];
  readonly hashes: RedisTargetConfig['hashes'];
  readonly expiring: RedisTargetConfig['expiring'];
  /** Examines a few more keys, once a round however many checks want it. */
  readonly keySpace: () => Promise<KeySpaceView>;
  /** Start of the round, ms since the epoch. */
  readonly now: number;
}

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
