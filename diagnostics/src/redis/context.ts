/** What a Redis check gets to work with: the replies of one round, asked in one round trip. */
import type { UnknownReason } from '@live-runbooks/engine';
import type { KeySpaceView } from './keySpace';
import type { RedisKeysConfig } from './keysConfig';
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
  /** This service itself, as the server sees it: its own work is no finding. */
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
  readonly lists: RedisKeysConfig['lists'];
  readonly hashes: RedisKeysConfig['hashes'];
  readonly expiring: RedisKeysConfig['expiring'];
  /** Examines a few more keys, once a round however many checks want it. */
  readonly keySpace: () => Promise<KeySpaceView>;
  /** Start of the round, ms since the epoch. */
  readonly now: number;
}
