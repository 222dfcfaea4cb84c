import { z } from 'zod';
import type { Row } from '@live-runbooks/engine';
import { defineCheck, limit } from '../../model/check';
import { redactSql } from '../../redact/sql';
import type { PostgresCheckContext } from '../context';
import { type Activity, isClient, isIdleInTransaction } from '../facts';

export const transactions = defineCheck({
  id: 'postgres.transactions',
  title: 'Long and idle transactions',
  kind: 'postgres',
  asks: 'pg_stat_get_activity: client sessions of this database with an open transaction',
  unit: 's',
  words: { 'idle.state': ['idle in transaction', 'idle in transaction (aborted)'] },
  fields: {
    longestSeconds: 'age of the oldest open transaction; 0 when none is open',
    longestIdleSeconds: 'longest time idle in transaction; 0 when nobody is',
    idleInTransaction: 'sessions idle in transaction',
    long: 'transactions older than `longSeconds`',
    longestMaintenanceSeconds: 'age of the oldest VACUUM, index build, dump or the like; 0 when none runs',
  },
  rows: {
    idle: {
      pid: 'process id',
      application: 'application_name',
      user: 'role',
      state: 'idle in transaction, or idle in transaction (aborted)',
      idleSeconds: 'seconds since its last statement ended',
      transactionSeconds: 'age of its transaction',
      query: 'its last statement, without literals',
    },
    long: {
      pid: 'process id',
      application: 'application_name',
      user: 'role',
      state: 'active, idle in transaction, …',
      transactionSeconds: 'age of its transaction',
      querySeconds: 'seconds since its present or last statement began',
      query: 'its present or last statement, without literals',
    },
  },
  mend: 'An open transaction keeps its locks, and keeps VACUUM from removing what it might still see. End it with SELECT pg_terminate_backend(pid); then set idle_in_transaction_session_timeout, and mend the code that forgets to commit.',
  privilege: 'GRANT pg_read_all_stats (in pg_monitor)',
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
    const everybody = (await context.facts.activity()).filter(
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
    const common = (each: Activity): Row => ({
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
        idle: idle.slice(0, 50).map((each) => ({ ...common(each), idleSeconds: idleFor(each) })),
        long: long.slice(0, 50).map((each) => ({ ...common(each), querySeconds: each.querySeconds })),
      },
      ...(longestIdleSeconds >= options.idleSeconds ? { atLeast: 'warning' as const } : {}),
    };
  },
});
