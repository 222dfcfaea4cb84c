import { z } from 'zod';
import { Unanswered, defineCheck, limit } from '../../model/check';
import { round3 } from '../../model/clock';
import { CounterWindow } from '../../model/window';
import { type RedisCheckContext, errorCount, infoNumber } from '../context';

const MB = 1024 * 1024;

export const memory = defineCheck({
  id: 'redis.memory',
  title: 'Memory against its limit',
  kind: 'redis',
  asks: 'INFO memory, stats, errorstats',
  unit: 'percentunit',
  fields: {
    used: 'used_memory, bytes',
    max: 'maxmemory, bytes; 0: no limit of its own',
    limit: 'the limit that counts, bytes: maxmemory, or the memory of the machine',
    limitedBy: 'maxmemory or system',
    usedRatio: 'used / limit',
    policy: 'maxmemory_policy',
    evictedPerSecond: 'keys evicted per second; null before the second round',
    oomErrorsPerSecond: 'commands refused with OOM per second; null before the second round',
    fragmentationRatio: 'mem_fragmentation_ratio',
    fragmentationBytes: 'mem_fragmentation_bytes',
  },
  rows: {},
  mend: 'Find what grew (keys without a TTL, an unread queue) before raising maxmemory: CONFIG SET maxmemory <bytes> gives time. Never delete by pattern over all keys. For a cache use an eviction policy such as allkeys-lru.',
  privilege: '+info',
  options: z.strictObject({
    warning: limit.warning(0.9),
    critical: limit.critical(0.98),
    fragmentationRatio: z.number().min(1).default(1.4),
    /** Fragmentation below this many bytes does not matter: a small instance always shows a large ratio. */
    fragmentationBytes: z
      .number()
      .min(0)
      .default(100 * MB),
    windowSeconds: z.number().int().min(5).max(3600).default(30),
  }),
  make: (options) => {
    const evicted = new CounterWindow(options.windowSeconds);
    const refused = new CounterWindow(options.windowSeconds);
    return ({ info, now }: RedisCheckContext) => {
      const used = infoNumber(info, 'used_memory');
      const max = infoNumber(info, 'maxmemory');
      const system = infoNumber(info, 'total_system_memory');
      const bound = max !== null && max > 0 ? max : system;
      if (used === null || bound === null || bound === 0) {
        throw new Unanswered(
          'not-applicable',
          'INFO memory has no used_memory',
          'This server is no Redis of version 4 or later.'
        );
      }
      const rate = (window: CounterWindow, total: number | null): number | null => {
        const perSecond = total === null ? null : window.perSecond(now, total);
        return perSecond === null ? null : round3(perSecond);
      };
      const usedRatio = round3(used / bound);
      const policy = info.get('maxmemory_policy') ?? null;
      const evictedPerSecond = rate(evicted, infoNumber(info, 'evicted_keys'));
      const oomErrorsPerSecond = rate(refused, errorCount(info, 'OOM'));
      const ratio = infoNumber(info, 'mem_fragmentation_ratio');
      const wasted = infoNumber(info, 'mem_fragmentation_bytes');
      const fragmented =
        ratio !== null &&
        wasted !== null &&
        ratio >= options.fragmentationRatio &&
        wasted >= options.fragmentationBytes;
      const refuses = oomErrorsPerSecond !== null && oomErrorsPerSecond > 0;
      const evicts = evictedPerSecond !== null && evictedPerSecond > 0;
      const limitedBy = max !== null && max > 0 ? 'maxmemory' : 'system';
      return Promise.resolve({
        value: usedRatio,
        summary:
          `${Math.round(used / MB)} MB of ${Math.round(bound / MB)} MB (${limitedBy === 'system' ? 'no maxmemory: the machine’s memory' : policy})` +
          (refuses ? `; ${oomErrorsPerSecond} commands/s refused for lack of memory` : '') +
          (evicts ? `; ${evictedPerSecond} keys/s evicted` : '') +
          (fragmented ? `; fragmented: ${ratio}` : ''),
        fields: {
          used,
          max,
          limit: bound,
          limitedBy,
          usedRatio,
          policy,
          evictedPerSecond,
          oomErrorsPerSecond,
          fragmentationRatio: ratio,
          fragmentationBytes: wasted,
        },
        // A cache that evicts lives at its limit; then evictions are the finding, not the level.
        ignoreThresholds: limitedBy === 'maxmemory' && policy !== null && policy.startsWith('allkeys'),
        ...(refuses ? { atLeast: 'critical' as const } : evicts || fragmented ? { atLeast: 'warning' as const } : {}),
      });
    };
  },
});
