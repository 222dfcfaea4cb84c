/** Whether autovacuum runs and keeps up, and what it does now. */
import { z } from 'zod';
import { defineCheck, limit } from '../../model/check';
import { round3 } from '../../model/clock';
import { fact } from '../../model/fact';
import type { PostgresCheckContext } from '../context';
import { cellText } from '../cells';
import { relationName } from '../relationName';
import { IS_AUTOVACUUM_OFF, USER_TABLES } from '../userTables';

const PHASES = [
  ...['initializing', 'scanning heap', 'vacuuming indexes', 'vacuuming heap'],
  ...['cleaning up indexes', 'truncating heap', 'performing final cleanup'],
];

const PROGRESS = `SELECT pid, datid, relid, param1 AS phase, param2 AS total, param3 AS scanned FROM pg_stat_get_progress_info('VACUUM')`;

export const autovacuum = defineCheck({
  id: 'postgres.autovacuum',
  title: 'Autovacuum: on, keeping up, running',
  kind: 'postgres',
  asks: 'autovacuum settings, reloptions, n_dead_tup against the threshold of each table, workers in pg_stat_get_activity, pg_stat_get_progress_info',
  value: 'overdue',
  fields: {
    enabled: fact.flag('autovacuum and track_counts are on'),
    overdue: fact.count('tables that autovacuum should have vacuumed long ago'),
    workers: fact.count('workers that run now'),
    maxWorkers: fact.count('autovacuum_max_workers'),
    wraparound: fact.count('workers that run to prevent wraparound: they do not yield to locks'),
    off: fact.count('tables with autovacuum_enabled = off'),
  },
  rows: {
    overdue: {
      table: fact.text('table'),
      deadTuples: fact.count('dead rows'),
      threshold: fact.count('dead rows from which autovacuum should come'),
      lastAutovacuum: fact.time('ISO 8601; null: never since the statistics were reset'),
      autovacuumOff: fact.flag('autovacuum is off for this table'),
    },
    running: {
      pid: fact.number('process id'),
      table: fact.text('table'),
      byHand: fact.flag('true: a VACUUM that somebody started'),
      phase: fact.text('phase of the VACUUM; null for an ANALYZE'),
      progress: fact.ratio('share of the table that was scanned, 0–1'),
      seconds: fact.seconds('seconds since it began'),
      wraparound: fact.flag('to prevent wraparound'),
    },
    off: { table: fact.text('table'), liveTuples: fact.count('live rows') },
  },
  mend: 'Off: ALTER SYSTEM SET autovacuum = on; SELECT pg_reload_conf(); for a table: ALTER TABLE <table> RESET (autovacuum_enabled). All workers busy: lower autovacuum_vacuum_cost_delay, or raise autovacuum_vacuum_cost_limit, before adding workers (they share one limit). Overdue though workers are free: see postgres.xmin_holders and postgres.blocking.',
  privilege: 'GRANT pg_read_all_stats (in pg_monitor)',
  needsStatistics: true,
  unaskedEvery: 5,
  options: z.strictObject({
    warning: limit.warning(1),
    critical: limit.none(),
    /** Overdue: this many times the threshold of the table … */
    overdueFactor: z.number().min(1).default(2),
    /** … and this many dead rows. */
    minDead: z.number().min(1).default(10_000),
  }),
  make: (options) => async (context: PostgresCheckContext) => {
    const settings = await context.shared.settings();
    const number = (name: string, otherwise: number): number => Number(settings.get(name)?.value ?? otherwise);
    const isOn = (name: string): boolean => settings.get(name)?.value !== 'off';
    const enabled = isOn('autovacuum') && isOn('track_counts');
    const option = (name: string): string =>
      `(SELECT o.option_value::float8 FROM pg_options_to_table(s.reloptions) o WHERE o.option_name = '${name}')`;
    const tables = await context.ask(
      `SELECT * FROM (
         SELECT ${relationName('s.schemaname', 's.relname')} AS table, s.n_dead_tup AS dead, s.n_live_tup AS live,
                s.last_autovacuum AS last,
                ${IS_AUTOVACUUM_OFF} AS off,
                least(coalesce(${option('autovacuum_vacuum_threshold')}, $1) +
                      coalesce(${option('autovacuum_vacuum_scale_factor')}, $2) * greatest(s.reltuples, 0),
                      nullif(coalesce(${option('autovacuum_vacuum_max_threshold')}, $3), -1)) AS threshold
         FROM ${USER_TABLES} s
         WHERE s.n_dead_tup >= $4 OR s.reloptions::text ~* 'autovacuum_enabled=') t
       WHERE off OR dead >= $5 * threshold ORDER BY dead DESC LIMIT 100`,
      [
        number('autovacuum_vacuum_threshold', 50),
        number('autovacuum_vacuum_scale_factor', 0.2),
        number('autovacuum_vacuum_max_threshold', -1),
        options.minDead,
        options.overdueFactor,
      ]
    );
    const overdue = tables
      .filter((row) => Number(row.dead) >= Math.max(options.minDead, options.overdueFactor * Number(row.threshold)))
      .slice(0, 20)
      .map((row) => ({
        table: cellText(row.table),
        deadTuples: Number(row.dead),
        threshold: Math.round(Number(row.threshold)),
        lastAutovacuum: cellText(row.last),
        autovacuumOff: row.off === true,
      }));
    const off = tables
      .filter((row) => row.off === true)
      .slice(0, 20)
      .map((row) => ({ table: cellText(row.table), liveTuples: Number(row.live) }));

    const running = await runningNow(context);
    const automatic = running.filter((row) => row.byHand === false);
    const workers = automatic.length;
    const maxWorkers = number('autovacuum_max_workers', 3);
    const parts = [
      ...(enabled ? [] : [isOn('autovacuum') ? 'track_counts is off: autovacuum sees nothing' : 'autovacuum is off']),
      ...(overdue.length > 0
        ? [`${overdue.length} overdue (${String(overdue[0]?.table)}: ${overdue[0]?.deadTuples ?? 0} dead)`]
        : []),
      ...(off.length > 0 ? [`off for ${off.length} (${String(off[0]?.table)})`] : []),
      ...(workers >= maxWorkers ? ['all workers are busy'] : []),
    ];
    return {
      value: overdue.length,
      summary: `${parts.length > 0 ? parts.join('; ') : 'on, and it keeps up'}; ${workers} of ${maxWorkers} workers run`,
      fields: {
        enabled,
        overdue: overdue.length,
        workers,
        maxWorkers,
        wraparound: automatic.filter((row) => row.wraparound === true).length,
        off: off.length,
      },
      rows: { overdue, running, off },
      ...(enabled ? {} : { atLeast: 'warning' as const }),
    };
  },
});

/** Autovacuum's workers, and VACUUM by hand. Below the view, which joins pg_database. */
async function runningNow(context: PostgresCheckContext) {
  const activity = await context.shared.activity();
  const workers = activity.filter((each) => each.kind === 'autovacuum worker');
  const progress = (await context.shared.hasAny('vacuums')) ? await context.ask(PROGRESS) : [];
  const here = progress.filter((row) => Number(row.datid) === context.names.database.id);
  const nameOf = await context.names.relationNames(
    context.ask,
    here.map((row) => Number(row.relid))
  );
  const pids = [...new Set([...workers.map((each) => each.pid), ...progress.map((row) => Number(row.pid))])];
  return pids.slice(0, 50).map((pid) => {
    const worker = activity.find((each) => each.pid === pid);
    const at = progress.find((row) => Number(row.pid) === pid);
    const total = Number(at?.total ?? 0);
    // The worker's own words: "autovacuum: VACUUM public.orders (to prevent wraparound)".
    const said = worker?.kind === 'autovacuum worker' ? worker.query : '';
    return {
      pid,
      table:
        at !== undefined && here.includes(at)
          ? nameOf(Number(at.relid))
          : (/(?:VACUUM|ANALYZE) (\S+)/.exec(said)?.[1] ?? null),
      byHand: worker !== undefined && worker.kind !== 'autovacuum worker',
      phase: at === undefined ? null : (PHASES[Number(at.phase)] ?? null),
      progress: at === undefined || total === 0 ? null : round3(Number(at.scanned) / total),
      seconds: worker?.transactionSeconds ?? worker?.querySeconds ?? null,
      wraparound: said.includes('to prevent wraparound'),
    };
  });
}
