import { z } from 'zod';
import { defineCheck, limit } from '../../model/check';
import { round3 } from '../../model/clock';
import type { PostgresCheckContext } from '../context';
import { scalar } from '../facts';
import { USER_TABLES } from '../user-tables';

export const deadTuples = defineCheck({
  id: 'postgres.dead_tuples',
  title: 'Tables full of dead rows',
  kind: 'postgres',
  asks: 'pg_stat_user_tables: n_dead_tup, last_autovacuum; pg_class.reloptions',
  unit: 'short',
  fields: {
    tables: 'tables with many dead rows',
    worstRatio: 'the largest share of dead rows among them; 0 without any',
  },
  rows: {
    tables: {
      table: 'table',
      deadTuples: 'dead rows',
      deadRatio: 'dead / (dead + live)',
      liveTuples: 'live rows',
      lastAutovacuum: 'ISO 8601; null: never since the statistics were reset',
      autovacuumOff: 'autovacuum is off, for the table or the server',
      sizeBytes: 'size of the table by pg_class.relpages',
    },
  },
  mend: 'VACUUM (VERBOSE) <table>; it says what it could not remove. If that is most of it, an old transaction holds it back: see postgres.transactions. Turn autovacuum on for the table: ALTER TABLE <table> RESET (autovacuum_enabled).',
  privilege: 'CONNECT on the database',
  options: z.strictObject({
    warning: limit.warning(1),
    critical: limit.none(),
    minDead: z.number().min(1).default(10_000),
    minRatio: z.number().min(0).max(1).default(0.1),
  }),
  make: (options) => async (context: PostgresCheckContext) => {
    const rows = await context.ask(
      `SELECT CASE WHEN s.schemaname = 'public' THEN quote_ident(s.relname)
                   ELSE quote_ident(s.schemaname) || '.' || quote_ident(s.relname) END AS table,
              s.n_dead_tup AS dead, s.n_live_tup AS live, s.last_autovacuum AS last,
              current_setting('autovacuum') = 'off' OR coalesce(s.reloptions::text ~* 'autovacuum_enabled=(false|off|no|0)', false) AS off,
              s.relpages::bigint * current_setting('block_size')::int AS size
       FROM ${USER_TABLES} s
       WHERE s.n_dead_tup >= $1 AND s.n_dead_tup >= $2::float8 * (s.n_dead_tup + s.n_live_tup)
       ORDER BY s.n_dead_tup DESC LIMIT 50`,
      [options.minDead, options.minRatio]
    );
    const tables = rows.map((row) => ({
      table: scalar(row.table),
      deadTuples: Number(row.dead),
      deadRatio: round3(Number(row.dead) / Math.max(1, Number(row.dead) + Number(row.live))),
      liveTuples: Number(row.live),
      lastAutovacuum: scalar(row.last),
      autovacuumOff: row.off === true,
      sizeBytes: Number(row.size),
    }));
    const first = tables[0];
    return {
      value: tables.length,
      summary:
        first === undefined
          ? 'no table has many dead rows'
          : `${tables.length === 1 ? 'one table has' : `${tables.length} tables have`} many dead rows; ${String(first.table)}: ${first.deadTuples} dead, ${Math.round(first.deadRatio * 100)} %` +
            (first.autovacuumOff ? ', autovacuum is off' : ''),
      fields: { tables: tables.length, worstRatio: Math.max(0, ...tables.map((each) => each.deadRatio)) },
      rows: { tables },
    };
  },
});
