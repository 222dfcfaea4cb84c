/** The processes of the server, as pg_stat_activity has them. */
import type { Work } from './whoseWork';

/** One process of the server. Seconds are ages; null when it is not in that situation. */
export interface Activity {
  readonly pid: number;
  readonly databaseId: number | null;
  readonly database: string | null;
  readonly userId: number | null;
  readonly user: string | null;
  readonly application: string;
  /** Whose work it is. */
  readonly work: Work;
  readonly state: string | null;
  readonly waitEventType: string | null;
  readonly waitEvent: string | null;
  readonly kind: string;
  readonly leaderPid: number | null;
  readonly transactionSeconds: number | null;
  readonly querySeconds: number | null;
  readonly stateSeconds: number | null;
  /** Its beginning, as the server has it: with literals. Redact before it leaves. */
  readonly query: string;
  /** As pg_stat_statements names it; null before 14, and where nobody computes it. */
  readonly queryId: string | null;
  /** Age of the oldest transaction whose rows it may still need, in transactions; null: it holds no snapshot. */
  readonly heldTransactions: number | null;
  /** Sessions that it waits for; 0 stands for a prepared transaction. */
  readonly blockedBy: readonly number[];
  /** A session of this service: this one, or one of another target. */
  readonly own: boolean;
}

export const isClient = (each: Activity): boolean => each.kind === 'client backend';
export const isIdleInTransaction = (each: Activity): boolean => each.state?.startsWith('idle in transaction') ?? false;
