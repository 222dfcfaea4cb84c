import { z } from 'zod';
import { Unanswered, defineCheck, limit } from '../../model/check';
import { round3 } from '../../model/clock';
import { CounterWindow } from '../../model/window';
import { redactRedisCommand } from '../../redact/redis-command';
import type { RedisCheckContext } from '../context';
import type { Reply } from '../session';

export const slowlog = defineCheck({
  id: 'redis.slowlog',
  title: 'Slow commands',
  kind: 'redis',
  asks: 'SLOWLOG LEN, SLOWLOG GET 32',
  unit: 'short',
  fields: {
    perMinute: 'slow commands a minute within the window; null before the second round',
    length: 'entries that Redis keeps',
  },
  rows: {
    entries: {
      id: 'id of the entry',
      at: 'when (ISO 8601)',
      micros: 'how long it ran, µs',
      command: 'the command without its arguments',
    },
  },
  mend: 'Everybody waits while one command runs. Replace KEYS by SCAN, whole-collection reads (HGETALL, LRANGE 0 -1, SMEMBERS) by ranges, DEL of large keys by UNLINK.',
  privilege: '+slowlog|get +slowlog|len',
  options: z.strictObject({
    warning: limit.warning(1),
    critical: limit.critical(60),
    windowSeconds: z.number().int().min(10).max(3600).default(60),
  }),
  make: (options) => {
    const window = new CounterWindow(options.windowSeconds);
    let counted = 0;
    return ({ slowlog: reply, slowlogLength, now }: RedisCheckContext) => {
      for (const each of [reply, slowlogLength]) {
        if (each instanceof Error) {
          throw each;
        }
      }
      const entries = (Array.isArray(reply) ? (reply as readonly Reply[]) : []).flatMap(readEntry);
      const newest = entries[0];
      // Ids only grow until a restart. An emptied log says nothing, so the count stays.
      counted = newest === undefined ? counted : Number(newest.id) + 1;
      const seen = window.perMinute(now, counted);
      const perMinute = seen === null ? null : round3(seen);
      const length = Number(slowlogLength);
      const fields = { perMinute, length };
      const rows = { entries: entries.slice(0, 16) };
      if (perMinute === null) {
        return Promise.resolve({
          value: null,
          summary: `${length} slow commands are kept; no rate yet, the next round has one`,
          fields,
          rows,
          unknown: { reason: 'no-series' as const, mend: 'Ask again in a few seconds: the first round only counts.' },
        });
      }
      return Promise.resolve({
        value: perMinute,
        summary:
          perMinute > 0 && newest !== undefined
            ? `${perMinute} slow commands a minute; the last: ${newest.command}, ${(newest.micros / 1000).toFixed(0)} ms`
            : 'no slow command lately',
        fields,
        rows,
      });
    };
  },
});

/** `[id, seconds, micros, [command, …], …]` */
function readEntry(entry: Reply): Array<{ id: number; at: string; micros: number; command: string }> {
  if (!Array.isArray(entry)) {
    return [];
  }
  const [id, seconds, micros, words] = entry as readonly Reply[];
  if (!Array.isArray(words)) {
    throw new Unanswered('query-error', 'SLOWLOG GET answered in an unknown form', 'Check the version of the server.');
  }
  return [
    {
      id: Number(id),
      at: new Date(Number(seconds) * 1000).toISOString(),
      micros: Number(micros),
      command: redactRedisCommand((words as readonly Reply[]).map(String)),
    },
  ];
}
