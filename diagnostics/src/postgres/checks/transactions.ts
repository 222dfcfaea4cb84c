import { z } from 'zod';
import { defineCheck, limit } from '../../model/check';
import { fact } from '../../model/fact';
import { redactSql } from '../../redact/sql';
import type { PostgresCheckContext } from '../context';
import { type Activity, isClient, isIdleInTransaction } from '../activity';

const IDLE = 'idle in transaction';
const ABORTED = 'idle in transaction (aborted)';

export const transactions = defineCheck({
  id: 'postgres.transactions',
  title: 'Long and idle transactions',
  kind: 'postgres',
  asks: 'pg_stat_get_activity: client sessions of this database with an open transaction',
  value: 'longestSeconds',
  fields: {
    longestSeconds: fact.seconds('age of the oldest open transaction; 0 when none is open'),
    longestIdleSeconds: fact.seconds('longest time idle in transaction; 0 when nobody is'),
    idleInTransaction: fact.count('sessions idle in transaction'),
    long: fact.count('transactions older than `longSeconds`'),
    longestMaintenanceSeconds: fact.seconds(
      'age of the oldest VACUUM, index build, dump or the like; 0 when none runs'
    ),
  },
  rows: {
    idle: {
      pid: fact.number('process id'),
      application: fact.text('application_name'),
      user: fact.text('role'),
      state: fact.word([IDLE, ABORTED], 'its state'),
      idleSeconds: fact.seconds('seconds since its last statement ended'),
      transactionSeconds: fact.seconds('age of its transaction'),
      query: fact.text('its last statement, without literals'),
    },
    long: {
      pid: fact.number('process id'),
      application: fact.text('application_name'),
      user: fact.text('role'),
      state: fact.text('active, idle in transaction, …'),
      transactionSeconds: fact.seconds('age of its transaction'),
      querySeconds: fact.seconds('seconds since its present or last statement began'),
      query: fact.text('its present or last statement, without literals'),
    },
  },
  mend: 'An open transaction keeps its locks, and keeps VACUUM from removing what it might still see. End it with SELECT pg_terminate_backend(pid); then set idle_in_transaction_session_timeout, and mend the code that forgets to commit.',
  privilege: 'GRANT pg_read_all_stats (in pg_monitor)',
  needsStatistics: true,
  options: z.strictObject({
    warning: limit.warning(300),
    critical: limit.critical(1800),
    /** Idle in transaction this long is a warning. Seconds. */
    idleSeconds: z.number().min(1).default(300),
    /** Transactions of this age are listed as long. Seconds. */
    longSeconds: z.number().min(1).default(60),
  }),
  make: (options) => async (context: PostgresCheckContext) => {
    const { id } = context.names.database;
    const everybody = (await context.shared.activity()).filter(
      (each) => isClient(each) && !each.own && each.databaseId === id && each.transactionSeconds !== null
    );
    // A VACUUM, an index build or a dump takes as long as what it works on is large; postgres.xmin_holders tells what it holds.
    const maintenance = everybody.filter((each) => each.work === 'maintenance' && !isIdleInTransaction(each));
    const open = everybody.filter((each) => !maintenance.includes(each));
    const age = (each: Activity): number => each.transactionSeconds ?? 0;
    const idleFor = (each: Activity): number => each.stateSeconds ?? 0;
    const byAge = [...open].sort((a, b) => age(b) - age(a));
    const idle = open.filter(isIdleInTransaction).sort((a, b) => idleFor(b) - idleFor(a));
    const long = byAge.filter((each) => age(each) >= options.longSeconds);
    const longestSeconds = byAge[0] ? age(byAge[0]) : 0;
    const longestIdleSeconds = idle[0] ? idleFor(idle[0]) : 0;
    const who = ({ pid, application }: Activity): string => `${pid}${application ? ` (${application})` : ''}`;
    const common = (each: Activity) => ({
      pid: each.pid,
      application: each.application,
      user: each.user,
      state: each.state,
      transactionSeconds: age(each),
      query: redactSql(each.query),
    });
    return {
      value: longestSeconds,
      summary:
        byAge[0] === undefined
          ? 'no transaction is open'
          : `the oldest transaction is ${longestSeconds.toFixed(1)} s old: ${who(byAge[0])}, ${byAge[0].state ?? ''}` +
            (idle[0] ? `; ${idle.length} idle in transaction, for up to ${longestIdleSeconds.toFixed(1)} s` : ''),
      fields: {
        longestSeconds,
        longestIdleSeconds,
        idleInTransaction: idle.length,
        long: long.length,
        longestMaintenanceSeconds: Math.max(0, ...maintenance.map(age)),
      },
      rows: {
        idle: idle.slice(0, 50).map((each) => ({ ...common(each), state: stateOf(each), idleSeconds: idleFor(each) })),
        long: long.slice(0, 50).map((each) => ({ ...common(each), querySeconds: each.querySeconds })),
      },
      ...(longestIdleSeconds >= options.idleSeconds ? { atLeast: 'warning' as const } : {}),
    };
  },
});

/** Of a session that is idle in transaction. */
const stateOf = ({ state }: Activity): typeof IDLE | typeof ABORTED => (state === ABORTED ? ABORTED : IDLE);
