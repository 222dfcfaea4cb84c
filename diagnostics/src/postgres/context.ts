/** What a Postgres check gets to work with. */
import type { QueryAccess } from './queryAccess';
import type { SharedQueries } from './sharedQueries';

export interface PostgresCheckContext extends QueryAccess {
  readonly shared: SharedQueries;
  /** Start of the round, ms since the epoch. */
  readonly now: number;
  /** Somebody asks for this check now: what is known from earlier rounds is not enough. */
  readonly forced: boolean;
  /** Milliseconds that the round has left: a check that asks many questions stops in time, and says what it left out. */
  readonly left: () => number;
}
