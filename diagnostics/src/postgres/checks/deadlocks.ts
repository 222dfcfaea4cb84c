import { z } from 'zod';
import { NO_RATE_YET, defineCheck, limit } from '../../model/check';
import { round3 } from '../../model/clock';
import { fact } from '../../model/fact';
import { CounterWindow } from '../../model/window';
import type { PostgresCheckContext } from '../context';

export const deadlocks = defineCheck({
  id: 'postgres.deadlocks',
  title: 'Deadlocks',
  kind: 'postgres',
  asks: 'pg_stat_database.deadlocks of this database: increase within the window',
  value: 'perMinute',
  fields: {
    total: fact.count('deadlocks since the statistics were reset'),
    perMinute: fact.perMinute('deadlocks a minute within the window; null before the second round'),
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
      const total = Number((await context.shared.counted('database')).deadlocks);
      const seen = window.perMinute(context.now, total);
      if (seen === null) {
        return {
          value: null,
          summary: `${total} since the statistics were reset; no rate yet, the next round has one`,
          fields: { total, perMinute: null },
          unknown: NO_RATE_YET,
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
