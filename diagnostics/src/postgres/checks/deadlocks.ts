import { z } from 'zod';
import { Unanswered, defineCheck, limit } from '../../model/check';
import { round3 } from '../../model/clock';
import { CounterWindow } from '../../model/window';
import type { PostgresCheckContext } from '../context';

export const deadlocks = defineCheck({
  id: 'postgres.deadlocks',
  title: 'Deadlocks',
  kind: 'postgres',
  asks: 'pg_stat_database.deadlocks of this database: increase within the window',
  unit: 'short',
  fields: {
    total: 'deadlocks since the statistics were reset',
    perMinute: 'deadlocks a minute within the window; null before the second round',
  },
  rows: {},
  mend: 'The server ends one of the two by itself; its log names both statements. Touch rows in one order everywhere (ORDER BY id … FOR UPDATE), and keep transactions short.',
  privilege: 'CONNECT on the database',
  options: z.strictObject({
    warning: limit.warning(0.1),
    critical: limit.critical(10),
    windowSeconds: z.number().int().min(10).max(3600).default(60),
  }),
  make: (options) => {
    const window = new CounterWindow(options.windowSeconds);
    return async (context: PostgresCheckContext) => {
      const [row] = await context.ask('SELECT pg_stat_get_db_deadlocks($1::oid) AS total', [context.names.database.id]);
      if (row === undefined) {
        throw new Unanswered('no-series', 'the server has no statistics of this database', 'Connect to it once.');
      }
      const total = Number(row.total);
      const seen = window.perMinute(context.now, total);
      if (seen === null) {
        return {
          value: null,
          summary: `${total} since the statistics were reset; no rate yet, the next round has one`,
          fields: { total, perMinute: null },
          unknown: { reason: 'no-series', mend: 'Ask again in a few seconds: the first round only counts.' },
        };
      }
      const perMinute = round3(seen);
      return {
        value: perMinute,
        summary:
          perMinute > 0
            ? `${perMinute} deadlocks a minute, ${total} in total`
            : `no deadlock lately, ${total} in total`,
        fields: { total, perMinute },
      };
    };
  },
});
