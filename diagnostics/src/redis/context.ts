/** What a Redis check gets to work with: the replies of one round, asked in one round trip. */
import type { UnknownReason } from '@live-runbooks/engine';
import type { RedisTargetConfig } from '../config/schema';
import type { KeySpaceView } from './key-space';
import type { Answer, TextEncoding } from './session';

/** Lookups of keys, as Redis counts them in keyspace_hits and keyspace_misses. */
export interface Lookups {
  readonly hits: number;
  readonly misses: number;
}

export interface RedisCheckContext {
  /** Fields of INFO, all sections. Throws the refusal of a server that gives none. */
  readonly info: ReadonlyMap<string, string>;
  /** ms that PING took. */
  readonly pingMs: number;
  readonly slowlogLength: Answer;
  readonly slowlog: Answer;
  readonly latencyLatest: Answer;
  readonly latencyDoctor: Answer;
  /** This service itself, as the server sees it: its work is nobody's trouble. */
  readonly self: {
    readonly name: string;
    readonly address: string | undefined;
    /** Lookups of this service since it started. */
    readonly lookups: Lookups;
  };
  /** More commands in one round trip; each answers its reply or its error. */
  readonly ask: (commands: ReadonlyArray<readonly string[]>) => Promise<readonly Answer[]>;
  /** The same in a database; one that the server refuses answers that refusal to each command. */
  readonly askIn: (
    database: number,
    commands: ReadonlyArray<readonly string[]>,
    encoding?: TextEncoding
  ) => Promise<readonly Answer[]>;
  /** What a refusal means, with the statement that mends it for a check that needs `privilege`. */
  readonly explain: (
    error: unknown,
    privilege: string
  ) => { readonly reason: UnknownReason; readonly summary: string; readonly mend: string };
  /** Of the keys under `lists` and `hashes`. */
  readonly database: number;
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

/** `10.0.0.7:6379`, `[fd00::7]:6379` */
export const hostPort = (host: string, port: string): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
