/**
 * What a server counts, what it is, and whether it has anything of a kind to look at: one statement for all checks of a
 * round. None of it reads a table.
 */
import { describe } from '../model/thrown';
import type { SqlRow } from './ask';
import { FIRST_OF_USERS } from './names';
import type { QueryAccess } from './queryAccess';
import { SessionLost } from './session';
import { TOO_SLOW } from './sqlstate';

interface Part {
  /** Column → SQL. `$1` is the id of the database. */
  readonly columns: Readonly<Record<string, string>>;
  /** What they read, one row. */
  readonly from?: string;
}

const POSITION = `pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN coalesce(pg_last_wal_replay_lsn(), '0/0') ELSE pg_current_wal_lsn() END, '0/0')`;

const COUNTERS = {
  /** Of this database. */
  database: () => ({
    columns: {
      deadlocks: 'pg_stat_get_db_deadlocks($1::oid)',
      fetched: 'pg_stat_get_db_blocks_fetched($1::oid)',
      hit: 'pg_stat_get_db_blocks_hit($1::oid)',
      temp_files: 'pg_stat_get_db_temp_files($1::oid)',
      temp_bytes: 'pg_stat_get_db_temp_bytes($1::oid)',
    },
  }),
  archiver: () => ({
    columns: {
      archived_count: 'a.archived_count',
      last_archived_time: 'a.last_archived_time',
      failed_count: 'a.failed_count',
      last_failed_wal: 'a.last_failed_wal',
      last_failed_time: 'a.last_failed_time',
    },
    from: 'pg_stat_get_archiver() a',
  }),
  /** `position`: in WAL, bytes. */
  checkpoints: (version: number) => ({
    columns:
      version >= 170_000
        ? {
            timed: 'pg_stat_get_checkpointer_num_timed()',
            requested: 'pg_stat_get_checkpointer_num_requested()',
            position: POSITION,
          }
        : {
            timed: 'pg_stat_get_bgwriter_timed_checkpoints()',
            requested: 'pg_stat_get_bgwriter_requested_checkpoints()',
            position: POSITION,
          },
  }),
  /** `settings`: another value says that a setting may have another value; `started`: that it is another server. */
  server: () => ({
    columns: {
      replica: 'pg_is_in_recovery()',
      started: 'pg_postmaster_start_time()::text',
      settings: 'pg_conf_load_time()::text',
    },
  }),
  /** Files that exist now, of the whole server. */
  temporary: () => ({
    columns: { now_files: 't.now_files', now_bytes: 't.now_bytes' },
    from: '(SELECT count(*) AS now_files, coalesce(sum(size), 0) AS now_bytes FROM pg_ls_tmpdir()) t',
  }),
  slots: () => ({ columns: { has_slots: 'EXISTS (SELECT FROM pg_get_replication_slots())' } }),
  replicas: () => ({ columns: { has_replicas: 'EXISTS (SELECT FROM pg_stat_get_wal_senders())' } }),
  builds: () => ({ columns: { has_builds: `EXISTS (SELECT FROM pg_stat_get_progress_info('CREATE INDEX'))` } }),
  vacuums: () => ({ columns: { has_vacuums: `EXISTS (SELECT FROM pg_stat_get_progress_info('VACUUM'))` } }),
  /** Of the system's catalogs, here and shared. */
  catalog_locks: () => ({
    columns: {
      has_catalog_locks: `EXISTS (
        SELECT FROM pg_lock_status()
        WHERE locktype = 'relation' AND relation < ${FIRST_OF_USERS} AND database IN (0, $1::oid) AND granted
          AND mode = 'AccessExclusiveLock')`,
    },
  }),
  prepared: () => ({ columns: { has_prepared: 'EXISTS (SELECT FROM pg_prepared_xact())' } }),
} as const satisfies Readonly<Record<string, (version: number) => Part>>;

export type CounterGroup = keyof typeof COUNTERS;
/** Of what there may be none, so that nobody has to ask for it. */
export type Countable = 'slots' | 'replicas' | 'prepared' | 'builds' | 'vacuums' | 'catalog_locks';

/** SQL for these groups together; the version is the server's, as a number. */
function countersSql(groups: readonly CounterGroup[], version: number): string {
  const parts = groups.map((group): Part => COUNTERS[group](version));
  const columns = parts.flatMap((part) => Object.entries(part.columns).map(([name, sql]) => `${sql} AS ${name}`));
  const from = parts.flatMap((part) => (part.from === undefined ? [] : [part.from]));
  return `SELECT ${columns.join(', ')}${from.length === 0 ? '' : ` FROM ${from.join(', ')}`}`;
}

const GROUPS = Object.keys(COUNTERS) as CounterGroup[];

/**
 * Of one round. The first need asks for everything; where the server refuses that, each group is asked by itself, so that
 * only what is refused is not known.
 */
export class Counters {
  private whole: Promise<SqlRow> | undefined;
  private readonly parts = new Map<CounterGroup, Promise<SqlRow>>();
  private readonly together: ReadonlySet<CounterGroup>;

  constructor(private readonly access: Pick<QueryAccess, 'ask' | 'names' | 'version'>) {
    const { names } = access;
    // Not tried in vain: the server logs every refusal.
    this.together = new Set(GROUPS.filter((group) => group !== 'temporary' || names.mayList('pg_ls_tmpdir')));
  }

  /** Columns by name, those of other groups perhaps among them. Errors: those of `ask`. */
  async of(group: CounterGroup): Promise<SqlRow> {
    if (this.together.has(group)) {
      this.whole ??= this.read([...this.together]);
      try {
        return await this.whole;
      } catch (error) {
        // One that was too slow would take as long in parts.
        if (error instanceof SessionLost || describe(error).code === TOO_SLOW) {
          throw error;
        }
      }
    }
    const known = this.parts.get(group) ?? this.read([group]);
    this.parts.set(group, known);
    return known;
  }

  /** Whether there is any. Errors: those of `ask`. */
  async hasAny(what: Countable): Promise<boolean> {
    return (await this.of(what))[`has_${what}`] === true;
  }

  private async read(groups: readonly CounterGroup[]): Promise<SqlRow> {
    const sql = countersSql(groups, this.access.version);
    const [row] = await this.access.ask(sql, sql.includes('$1') ? [this.access.names.database.id] : []);
    return row ?? {};
  }
}
