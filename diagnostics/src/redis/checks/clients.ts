import { z } from 'zod';
import { Unanswered, defineCheck, limit } from '../../model/check';
import { round3 } from '../../model/clock';
import { fact } from '../../model/fact';
import { CounterWindow } from '../../model/window';
import type { RedisCheckContext } from '../context';
import { infoNumber } from '../info';

export const clients = defineCheck({
  id: 'redis.clients',
  title: 'Clients against the limit',
  kind: 'redis',
  asks: 'INFO clients, stats',
  value: 'usedRatio',
  fields: {
    connected: fact.count('connected_clients'),
    max: fact.count('maxclients'),
    usedRatio: fact.ratio('connected / max'),
    blocked: fact.count('clients in a blocking command (BLPOP, XREAD …)'),
    rejectedPerSecond: fact.perSecond('connections rejected per second; null before the second round'),
    rejectedTotal: fact.count('connections rejected since start'),
  },
  rows: {},
  mend: 'CLIENT LIST shows who holds connections and since when; mend that pool. CONFIG SET maxclients gives time.',
  privilege: '+info',
  options: z.strictObject({
    warning: limit.warning(0.9),
    critical: limit.critical(0.98),
    windowSeconds: z.number().int().min(5).max(3600).default(30),
  }),
  make: (options) => {
    const rejected = new CounterWindow(options.windowSeconds);
    return ({ info, now }: RedisCheckContext) => {
      const connected = infoNumber(info, 'connected_clients');
      const max = infoNumber(info, 'maxclients');
      const total = infoNumber(info, 'rejected_connections');
      if (connected === null || max === null || max === 0) {
        throw new Unanswered(
          'not-applicable',
          'INFO clients has no maxclients',
          'This server is no Redis of version 6.2 or later.'
        );
      }
      const perSecond = total === null ? null : rejected.perSecond(now, total);
      const rejectedPerSecond = perSecond === null ? null : round3(perSecond);
      const usedRatio = round3(connected / max);
      const rejecting = rejectedPerSecond !== null && rejectedPerSecond > 0;
      return Promise.resolve({
        value: usedRatio,
        summary: `${connected} of ${max} clients${rejecting ? `; ${rejectedPerSecond} connections/s rejected` : ''}`,
        fields: {
          connected,
          max,
          usedRatio,
          blocked: infoNumber(info, 'blocked_clients'),
          rejectedPerSecond,
          rejectedTotal: total,
        },
        ...(rejecting ? { atLeast: 'warning' as const } : {}),
      });
    };
  },
});
