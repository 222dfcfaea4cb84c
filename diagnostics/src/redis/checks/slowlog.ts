import { z } from 'zod';
import { NO_RATE_YET, defineCheck, limit } from '../../model/check';
import { fact } from '../../model/fact';
import type { RedisCheckContext } from '../context';
import { SlowWork } from '../slowWork';
import { EntryCounter, isOwn, readSlowlog } from '../slowlog';

export const slowlog = defineCheck({
  id: 'redis.slowlog',
  title: 'Slow commands',
  kind: 'redis',
  asks: 'SLOWLOG GET 32; SLOWLOG LEN when there are more',
  value: 'perMinute',
  fields: {
    perMinute: fact.perMinute(
      'slow commands a minute within the window, without those of this service; null before the second round'
    ),
    length: fact.count('entries that Redis keeps'),
    busyRatio: fact.ratio(
      'share of the last half of the window in which Redis worked on slow commands, and on nothing else, 0–1; null before the second round'
    ),
    longestMs: fact.ms('the longest slow command that was seen within the window, ms; 0 without one'),
  },
  rows: {
    entries: {
      id: fact.number('id of the entry'),
      at: fact.time('when (ISO 8601)'),
      micros: fact.number('how long it ran, µs'),
      command: fact.text('the command without its arguments'),
    },
  },
  mend: 'Everybody waits while one command runs. Replace KEYS by SCAN, whole-collection reads (HGETALL, LRANGE 0 -1, SMEMBERS) by ranges, DEL of large keys by UNLINK.',
  privilege: '+slowlog|get +slowlog|len',
  options: z.strictObject({
    // One call is no trend.
    warning: limit.warning(3),
    critical: limit.critical(60),
    /** Slow commands are no finding while they take a smaller share of the time, however many they are. */
    minBusyRatio: z.number().min(0).max(1).default(0.005),
    /** One command that takes so long is a warning by itself. ms. */
    longMs: z.number().min(1).default(1000),
    windowSeconds: z.number().int().min(10).max(3600).default(60),
  }),
  make: (options) => {
    const counter = new EntryCounter(options.windowSeconds);
    const work = new SlowWork(options.windowSeconds);
    return async ({ slowlog: reply, slowlogLength, now, self }: RedisCheckContext) => {
      if (slowlogLength instanceof Error) {
        throw slowlogLength;
      }
      const all = readSlowlog(reply);
      const entries = all.filter((each) => !isOwn(each, self));
      const newest = entries[0];
      const perMinute = counter.perMinute(all, self, now);
      const length = Number(slowlogLength);
      const { busyRatio, longestMs } = work.add(all, self, now);
      const fields = { perMinute, length, busyRatio, longestMs };
      const rows = {
        entries: entries.slice(0, 16).map(({ id, at, micros, command }) => ({ id, at, micros, command })),
      };
      if (perMinute === null) {
        return {
          value: null,
          summary: `${length} slow commands are kept; no rate yet, the next round has one`,
          fields,
          rows,
          unknown: NO_RATE_YET,
        };
      }
      return {
        value: perMinute,
        ignoreThresholds: (busyRatio ?? 0) < options.minBusyRatio,
        ...(longestMs !== null && longestMs >= options.longMs ? { atLeast: 'warning' as const } : {}),
        summary:
          perMinute > 0 && newest !== undefined
            ? `${perMinute} slow commands a minute, in which Redis spends ${Math.round((busyRatio ?? 0) * 100)} % of its time; the last: ${newest.command}, ${(newest.micros / 1000).toFixed(0)} ms`
            : 'no slow command lately',
        fields,
        rows,
      };
    };
  },
});
