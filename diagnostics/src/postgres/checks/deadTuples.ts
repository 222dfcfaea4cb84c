import { z } from 'zod';
import { defineCheck, limit } from '../../model/check';
import { round3 } from '../../model/clock';
import { fact } from '../../model/fact';
import type { PostgresCheckContext } from '../context';
import { cellText } from '../cells';
import { relationName } from '../relationName';
import { IS_AUTOVACUUM_OFF, USER_TABLES } from '../userTables';

export const deadTuples = defineCheck({
  id: 'postgres.dead_tuples',
  title: 'Tables full of dead rows',
  kind: 'postgres',
  asks: 'pg_stat_user_tables: n_dead_tup, last_autovacuum; pg_class.reloptions',
  value: 'tables',
  fields: {
    tables: fact.count('tables with many dead rows'),
    worstRatio: fact.ratio('the largest share of dead rows among them; 0 without any'),
  },
  rows: {
    tables: {
      table: fact.text('table'),
      deadTuples: fact.count('dead rows'),
      deadRatio: fact.ratio('dead / (dead + live)'),
      liveTuples: fact.count('live rows'),
      lastAutovacuum: fact.time('ISO 8601; null: never since the statistics were reset'),
      autovacuumOff: fact.flag('autovacuum is off, for the table or the server'),
      sizeBytes: fact.bytes('size of the table by pg_class.relpages'),
    },
  },
  mend: 'VACUUM (VERBOSE) <table>; it says what it could not remove. If that is most of it, an old transaction holds it back: see postgres.transactions. Turn autovacuum on for the table: ALTER TABLE <table> RESET (autovacuum_enabled).',
  privilege: 'CONNECT on the database',
  unaskedEvery: 5,
  options: z.strictObject({
    warning: limit.warning(1),
    critical: limit.none(),
    minDead: z.number().min(1).default(10_000),
    minRatio: z.number().min(0).max(1).default(0.1),
  }),
  make: (options) => async (context: PostgresCheckContext) => {
    const rows = await context.ask(
      `SELECT ${relationName('s.schemaname', 's.relname')} AS table,
              s.n_dead_tup AS dead, s.n_live_tup AS live, s.last_autovacuum AS last,
              current_setting('autovacuum') = 'off' OR ${IS_AUTOVACUUM_OFF} AS off,
              s.relpages::bigint * current_setting('block_size')::int AS size
       FROM ${USER_TABLES} s
       WHERE s.n_dead_tup >= $1 AND s.n_dead_tup >= $2::float8 * (s.n_dead_tup + s.n_live_tup)
       ORDER BY s.n_dead_tup DESC LIMIT 50`,
      [options.minDead, options.minRatio]
    );
    const tables = rows.map((row) => ({
      table: cellText(row.table),
      deadTuples: Number(row.dead),
      deadRatio: round3(Number(row.dead) / Math.max(1, Number(row.dead) + Number(row.live))),
      liveTuples: Number(row.live),
      lastAutovacuum: cellText(row.last),
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
