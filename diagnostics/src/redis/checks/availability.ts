import { z } from 'zod';
import { defineCheck } from '../../model/check';
import { fact } from '../../model/fact';
import { sayFailure } from '../../model/failure';
import { REDIS_CLASSES, type RedisFailure, mendRedis } from '../classify';

export interface RedisReached extends RedisFailure {
  readonly latencyMs: number | null;
  readonly user: string;
}

/** Serves clients, if not all of them or not every command. */
const UP: ReadonlySet<RedisReached['class']> = new Set(['ok', 'misconf', 'max-clients', 'auth', 'no-permission']);

export const availability = defineCheck({
  id: 'redis.availability',
  title: 'Redis answers and takes commands',
  kind: 'redis',
  asks: 'PING on the held connection, and what INFO says of loading, the last save and the clients',
  value: fact.count('1 up, 0 down'),
  fields: {
    up: fact.flag('true when the server serves clients (also when it refuses writes, new clients or our password)'),
    class: fact.word(REDIS_CLASSES, 'what happens to a client that connects now', UP),
    latencyMs: fact.ms('ms until PING was answered; null when it was not'),
    message: fact.text('what the server or the system said'),
  },
  rows: {},
  mend: 'See the class.',
  privilege: 'ACL SETUSER live_runbooks on >… +ping +info +auth +client|setname',
  below: true,
  options: z.strictObject({ critical: z.number().default(0) }),
  make: () => (reached: RedisReached) => {
    const up = UP.has(reached.class);
    const ok = reached.class === 'ok';
    const mend = reached.mend ?? mendRedis(reached.class, reached.user);
    return Promise.resolve({
      value: up ? 1 : 0,
      summary: ok ? `up, answered in ${reached.latencyMs ?? 0} ms` : sayFailure(reached),
      fields: { up, class: reached.class, latencyMs: reached.latencyMs, message: reached.message },
      ...(ok
        ? {}
        : reached.class === 'no-permission'
          ? // It answers; only this user does not see what happens to other clients.
            { unknown: { reason: 'no-permission' as const, mend } }
          : { atLeast: 'critical' as const }),
      mend,
    });
  },
});
