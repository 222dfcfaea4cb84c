/** Queries that several checks of one round share. Each is sent once, when the first check needs it, so all see one moment. */
import { type CatalogLock, catalogLocks } from './catalogLocks';
import type { Activity } from './activity';
import type { SqlRow } from './ask';
import { age, numberOrNull, textOf, textOrNull } from './cells';
import { type Countable, type CounterGroup, Counters } from './counters';
import { hiddenFrom } from './hidden';
import type { QueryAccess } from './queryAccess';
import { APPLICATION } from './session';
import { type KeptSettings, type Settings, readSettings } from './settings';
import { type StatementCounts, statementCounts } from './statementCounts';
import { decodeText, rawText } from './texts';
import { workOf } from './whoseWork';

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

export class SharedQueries {
  private readonly known = new Map<string, Promise<unknown>>();
  /** Some statement of this round waited for a lock in vain. */
  metLock = false;

  private readonly counters: Counters;

  /** `kept`: of the session; undefined: it is not known to be the same in the next round. */
  constructor(
    private readonly access: QueryAccess,
    private readonly kept: KeptSettings | undefined
  ) {
    this.counters = new Counters(access);
  }

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
      const rows = await this.access.askRaw(`
        SELECT pid, datid, usesysid, application_name, state, wait_event_type, wait_event, backend_type, leader_pid,
               ${rawText('query')} AS query, ${this.access.version >= 140_000 ? 'query_id::text' : 'NULL::text'} AS query_id,
               extract(epoch FROM clock_timestamp() - xact_start)::float8 AS xact,
               extract(epoch FROM clock_timestamp() - query_start)::float8 AS query_age,
               extract(epoch FROM clock_timestamp() - state_change)::float8 AS state_age,
               greatest(age(backend_xid), age(backend_xmin)) AS held,
               CASE WHEN wait_event_type = 'Lock' THEN pg_blocking_pids(pid) END AS blocked_by,
               pid = pg_backend_pid() AS own
        FROM pg_stat_get_activity(NULL)`);
      const { askRaw, names } = this.access;
      const [roles, databases] = ['usesysid', 'datid'].map((column) => rows.map((row) => numberOrNull(row[column])));
      await names.meet(askRaw, { roles: roles ?? [], databases: databases ?? [] });
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
        heldTransactions: numberOrNull(row.held),
        blockedBy: Array.isArray(row.blocked_by) ? row.blocked_by.map(Number) : [],
        own: row.own === true || (Number(row.usesysid) === names.userId && row.application_name === APPLICATION),
      }));
    });
  }

  /** Locks that are waited for, and all locks of whoever takes part. */
  locks(): Promise<readonly Lock[]> {
    return this.once('locks', async () => {
      const waiting = this.access.version >= 140_000 ? 'waitstart' : 'NULL::timestamptz';
      const rows = await this.access.ask(`
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
    return this.once('catalog-locks', () => catalogLocks(this.access, () => this.activity()));
  }

  preparedTransactions(): Promise<readonly PreparedTransaction[]> {
    return this.once('prepared', async () => {
      if (!(await this.hasAny('prepared'))) {
        return [];
      }
      const rows = await this.access.askRaw(`
        SELECT ${rawText('gid')} AS gid, transaction::text AS xid, ownerid, dbid,
               extract(epoch FROM clock_timestamp() - prepared)::float8 AS seconds
        FROM pg_prepared_xact()`);
      const { names } = this.access;
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
      const { ask, names } = this.access;
      return names.statements === undefined ? undefined : statementCounts(ask, names, names.statements);
    });
  }

  /** What the server counts; all groups are asked in one statement. */
  counted(group: CounterGroup): Promise<SqlRow> {
    return this.counters.of(group);
  }

  /** Whether there is any of these, so that nobody has to ask for them. */
  hasAny(what: Countable): Promise<boolean> {
    return this.counters.hasAny(what);
  }

  settings(): Promise<Settings> {
    return this.once('settings', async () => {
      const read = (): Promise<Settings> => readSettings(this.access.askRaw);
      if (this.kept === undefined) {
        return read();
      }
      const { started, settings } = await this.counted('server');
      return this.kept.of(JSON.stringify([started, settings, this.access.names.readsAllSettings]), read);
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
