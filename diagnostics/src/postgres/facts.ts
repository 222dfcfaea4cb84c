/** What several checks of one round need: asked once, at the first need, so that they all speak of the same moment. */
import type { Scalar } from '@live-runbooks/engine';
import { type CatalogLock, catalogLocks } from './catalog-locks';
import { type PostgresCheckContext } from './context';
import { hiddenFrom } from './hidden';
import { APPLICATION } from './session';
import { type StatementCounts, statementCounts } from './statement-counts';
import { decodeText, rawText } from './texts';
import { type Work, workOf } from './whose-work';

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
  /** Sessions that it waits for; 0 stands for a prepared transaction. */
  readonly blockedBy: readonly number[];
  /** A session of this service: this one, or one of another target. */
  readonly own: boolean;
}

export interface Lock {
  /** Null: held by a prepared transaction. */
  readonly pid: number | null;
  readonly type: string;
  readonly relationId: number | null;
  readonly mode: string;
  readonly granted: boolean;
  readonly transactionId: string | null;
  readonly virtualTransaction: string;
  readonly waitSeconds: number | null;
}

export interface PreparedTransaction {
  readonly gid: string;
  readonly transactionId: string;
  readonly owner: string | null;
  readonly databaseId: number;
  readonly database: string | null;
  readonly seconds: number;
}

export interface Setting {
  readonly value: string;
  readonly unit: string | null;
  readonly pendingRestart: boolean;
}

export class Facts {
  private readonly known = new Map<string, Promise<unknown>>();
  /** Some statement of this round waited for a lock in vain. */
  metLock = false;

  constructor(private readonly context: Pick<PostgresCheckContext, 'ask' | 'askRaw' | 'names' | 'version'>) {}

  private once<T>(name: string, find: () => Promise<T>): Promise<T> {
    const found = this.known.get(name) ?? find();
    this.known.set(name, found);
    return found as Promise<T>;
  }

  /**
   * Straight from the function below `pg_stat_activity`: the view joins pg_authid and pg_database, and hangs when one
   * of them is locked. Errors: `Unanswered` when sessions of other roles are hidden from this one.
   */
  activity(): Promise<readonly Activity[]> {
    return this.once('activity', async () => {
      const rows = await this.context.askRaw(`
        SELECT pid, datid, usesysid, application_name, state, wait_event_type, wait_event, backend_type, leader_pid,
               ${rawText('query')} AS query, ${this.context.version >= 140_000 ? 'query_id::text' : 'NULL::text'} AS query_id,
               extract(epoch FROM clock_timestamp() - xact_start)::float8 AS xact,
               extract(epoch FROM clock_timestamp() - query_start)::float8 AS query_age,
               extract(epoch FROM clock_timestamp() - state_change)::float8 AS state_age,
               CASE WHEN wait_event_type = 'Lock' THEN pg_blocking_pids(pid) END AS blocked_by,
               pid = pg_backend_pid() AS own
        FROM pg_stat_get_activity(NULL)`);
      const { names } = this.context;
      const texts = rows.map((row) => decodeText(row.query, names.encoding(numberOrNull(row.datid))));
      if (texts.includes(HIDDEN)) {
        names.forget();
        throw hiddenFrom(names.user);
      }
      return rows.map((row, index) => ({
        pid: Number(row.pid),
        databaseId: numberOrNull(row.datid),
        database: names.databaseName(numberOrNull(row.datid)),
        userId: numberOrNull(row.usesysid),
        user: names.role(numberOrNull(row.usesysid)),
        application: textOf(row.application_name),
        work: names.isMonitor(numberOrNull(row.usesysid))
          ? ('monitor' as const)
          : workOf({ application: textOf(row.application_name), query: texts[index] ?? '' }),
        state: textOrNull(row.state),
        waitEventType: textOrNull(row.wait_event_type),
        waitEvent: textOrNull(row.wait_event),
        kind: textOf(row.backend_type),
        leaderPid: numberOrNull(row.leader_pid),
        transactionSeconds: age(row.xact),
        querySeconds: age(row.query_age),
        stateSeconds: age(row.state_age),
        query: texts[index] ?? '',
        queryId: textOrNull(row.query_id),
        blockedBy: Array.isArray(row.blocked_by) ? row.blocked_by.map(Number) : [],
        own: row.own === true || (Number(row.usesysid) === names.userId && row.application_name === APPLICATION),
      }));
    });
  }

  /** Locks that are waited for, and all locks of whoever takes part. */
  locks(): Promise<readonly Lock[]> {
    return this.once('locks', async () => {
      const waiting = this.context.version >= 140_000 ? 'waitstart' : 'NULL::timestamptz';
      const rows = await this.context.ask(`
        SELECT pid, locktype, relation, mode, granted, transactionid::text AS xid, virtualtransaction AS vxid,
               extract(epoch FROM clock_timestamp() - ${waiting})::float8 AS wait
        FROM pg_lock_status()
        WHERE locktype IN ('relation', 'transactionid', 'tuple', 'advisory', 'page', 'extend', 'object', 'virtualxid')
          AND pid IS DISTINCT FROM pg_backend_pid()`);
      return rows.map((row) => ({
        pid: numberOrNull(row.pid),
        type: textOf(row.locktype),
        relationId: numberOrNull(row.relation),
        mode: textOf(row.mode),
        granted: row.granted === true,
        transactionId: textOrNull(row.xid),
        virtualTransaction: textOf(row.vxid),
        waitSeconds: age(row.wait),
      }));
    });
  }

  /** Who holds a catalog of the system exclusively. */
  catalogLocks(): Promise<readonly CatalogLock[]> {
    return this.once('catalog-locks', () => catalogLocks(this.context, () => this.activity()));
  }

  preparedTransactions(): Promise<readonly PreparedTransaction[]> {
    return this.once('prepared', async () => {
      const rows = await this.context.askRaw(`
        SELECT ${rawText('gid')} AS gid, transaction::text AS xid, ownerid, dbid,
               extract(epoch FROM clock_timestamp() - prepared)::float8 AS seconds
        FROM pg_prepared_xact()`);
      const { names } = this.context;
      return rows.map((row) => ({
        gid: decodeText(row.gid, names.encoding(numberOrNull(row.dbid))),
        transactionId: textOf(row.xid),
        owner: names.role(numberOrNull(row.ownerid)),
        databaseId: Number(row.dbid),
        database: names.databaseName(numberOrNull(row.dbid)),
        seconds: age(row.seconds) ?? 0,
      }));
    });
  }

  /** Undefined: pg_stat_statements is not created in this database, or not loaded. */
  statementCounts(): Promise<StatementCounts | undefined> {
    return this.once('statement-counts', async () => {
      const { ask, names } = this.context;
      return names.statements === undefined ? undefined : statementCounts(ask, names, names.statements);
    });
  }

  settings(): Promise<ReadonlyMap<string, Setting>> {
    return this.once('settings', async () => {
      const rows = await this.context.askRaw(
        `SELECT name, ${rawText('setting')} AS setting, unit, pending_restart FROM pg_show_all_settings()`
      );
      return new Map(
        rows.map((row) => [
          textOf(row.name),
          {
            value: decodeText(row.setting, undefined),
            unit: textOrNull(row.unit),
            pendingRestart: row.pending_restart === true,
          },
        ])
      );
    });
  }

  /** `max_connections` and how many of them ordinary roles may use. */
  async slots(): Promise<{ readonly max: number; readonly reserved: number; readonly usable: number }> {
    const settings = await this.settings();
    const of = (name: string): number => Number(settings.get(name)?.value ?? 0);
    const max = of('max_connections');
    const reserved = of('superuser_reserved_connections') + of('reserved_connections');
    return { max, reserved, usable: max - reserved };
  }
}

/** What the server shows in place of a statement that this role may not see; it is never translated. */
const HIDDEN = '<insufficient privilege>';

export const isClient = (each: Activity): boolean => each.kind === 'client backend';
export const isIdleInTransaction = (each: Activity): boolean => each.state?.startsWith('idle in transaction') ?? false;

const numberOrNull = (value: unknown): number | null =>
  value === null || value === undefined || value === '' ? null : Number(value);
const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
/** Clocks of two processes may differ by microseconds: an age is never negative. */
const age = (value: unknown): number | null => {
  const seconds = numberOrNull(value);
  return seconds === null ? null : Math.max(0, Math.round(seconds * 1000) / 1000);
};

/** A value of a result row as a plain scalar; dates as ISO 8601. */
export function scalar(value: unknown): Scalar {
  if (value instanceof Date) {
    return value.toISOString();
  }
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}
