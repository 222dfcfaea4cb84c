/** What a Postgres check gets to work with. */
import type { Facts } from './facts';
import type { Ask, Names } from './names';

export interface PostgresCheckContext {
  /** One statement in the extended protocol, under the session's timeouts. */
  readonly ask: Ask;
  /** The same, and what `rawText` selects arrives as the bytes that the server has. */
  readonly askRaw: Ask;
  readonly facts: Facts;
  readonly names: Names;
  /** Server version as a number: 150018. */
  readonly version: number;
  /** Start of the round, ms since the epoch. */
  readonly now: number;
  /** Somebody asks for this check now: what is known from earlier rounds is not enough. */
  readonly forced: boolean;
  /** Milliseconds that the round has left: a check that asks many questions stops in time, and says what it left out. */
  readonly left: () => number;
}
