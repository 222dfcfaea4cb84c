/** What pg_stat_statements counted in this database, and what of it is the work of monitors. */
import { hiddenFrom } from './hidden';
import type { Ask } from './ask';
import type { Names, Statements } from './names';

export interface Counted {
  readonly calls: number;
  readonly totalMs: number;
  /** Bytes that it wrote to temporary files. */
  readonly temporaryBytes: number;
}

export interface StatementCounts {
  /** By queryid. */
  readonly counts: ReadonlyMap<string, Counted>;
  /** Blocks of monitors, this service among them. */
  readonly monitors: { readonly fetched: number; readonly hit: number };
  readonly resetAt: string | null;
}

/** Undefined: the library is not loaded. Branches on the extension's version, not the server's. Errors: those of `ask`. */
export async function statementCounts(
  ask: Ask,
  names: Names,
  { schema, version }: Statements
): Promise<StatementCounts | undefined> {
  const atLeast = (minor: number): boolean => version[0] > 1 || version[1] >= minor;
  const total = atLeast(8) ? 'total_exec_time' : 'total_time';
  const reset = atLeast(9) ? `(SELECT stats_reset FROM ${schema}.pg_stat_statements_info)` : 'NULL::timestamptz';
  try {
    const all = await ask(
      `SELECT monitor, CASE WHEN NOT monitor THEN queryid::text END AS id, sum(calls) AS calls, sum(total) AS total,
              sum(temporary) * current_setting('block_size')::int AS temporary, sum(hit) AS hit, sum(hit + read) AS fetched, ${reset} AS reset
       FROM (SELECT s.userid = ANY ($2::oid[]) AS monitor, s.queryid, s.calls, s.${total} AS total,
                    s.temp_blks_written AS temporary, s.shared_blks_hit AS hit, s.shared_blks_read AS read
             FROM ${schema}.pg_stat_statements(false) s WHERE s.dbid = $1::oid) s
       GROUP BY 1, 2`,
      [names.database.id, names.monitorIds]
    );
    const rows = all.filter((row) => row.monitor !== true);
    if (rows.some((row) => row.id === null)) {
      // Those of other roles are shown without their id.
      names.forget();
      throw hiddenFrom(names.user);
    }
    const own = all.find((row) => row.monitor === true);
    const resetAt = all[0]?.reset;
    return {
      counts: new Map(
        rows.map((row) => [
          String(row.id),
          { calls: Number(row.calls), totalMs: Number(row.total), temporaryBytes: Number(row.temporary) },
        ])
      ),
      monitors: { fetched: Number(own?.fetched ?? 0), hit: Number(own?.hit ?? 0) },
      resetAt: resetAt instanceof Date ? resetAt.toISOString() : null,
    };
  } catch (error) {
    if ((error as { code?: string }).code === '55000') {
      return undefined;
    }
    throw error;
  }
}
