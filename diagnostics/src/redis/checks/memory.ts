import { z } from 'zod';
import { Unanswered, defineCheck, limit } from '../../model/check';
import { round3 } from '../../model/clock';
import { fact } from '../../model/fact';
import { CounterWindow } from '../../model/window';
import type { RedisCheckContext } from '../context';
import { databasesOf, errorCount, infoNumber } from '../info';

const MB = 1024 * 1024;

const LIMITS = ['maxmemory', 'system'] as const;

export const memory = defineCheck({
  id: 'redis.memory',
  title: 'Memory against its limit',
  kind: 'redis',
  asks: 'INFO memory, stats, errorstats, keyspace',
  value: 'usedRatio',
  fields: {
    used: fact.bytes('used_memory, bytes'),
    max: fact.bytes('maxmemory, bytes; 0: no limit of its own'),
    limit: fact.bytes('the limit that counts, bytes: maxmemory, or the memory of the machine'),
    limitedBy: fact.word(LIMITS, 'what sets that limit'),
    usedRatio: fact.ratio('used / limit'),
    policy: fact.text('maxmemory_policy'),
    evictedPerSecond: fact.perSecond('keys evicted per second; null before the second round'),
    missRatio: fact.ratio(
      'of the lookups of keys, those that found none, 0–1, without those of this service; null before the second round and without lookups'
    ),
    evictionBehindMs: fact.ms('how long eviction has not kept up with what is written, ms; null before Redis 7'),
    oomErrorsPerSecond: fact.perSecond('commands refused with OOM per second; null before the second round'),
    fragmentationRatio: fact.ratio('mem_fragmentation_ratio'),
    fragmentationBytes: fact.bytes('mem_fragmentation_bytes'),
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
    /** A cache evicts by design; it is too small when of its lookups at least this share misses while it evicts. */
    missRatio: z.number().min(0).max(1).default(0.5),
    /** … and when there are as many misses a second: a few mean nothing. */
    missesPerSecond: z.number().min(0).default(10),
    windowSeconds: z.number().int().min(5).max(3600).default(30),
  }),
  make: (options) => {
    const evicted = new CounterWindow(options.windowSeconds);
    const refused = new CounterWindow(options.windowSeconds);
    const hit = new CounterWindow(options.windowSeconds);
    const missed = new CounterWindow(options.windowSeconds);
    return ({ info, now, self }: RedisCheckContext) => {
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
      const without = (total: number | null, own: number): number | null => (total === null ? null : total - own);
      const hits = rate(hit, without(infoNumber(info, 'keyspace_hits'), self.lookups.hits));
      const misses = rate(missed, without(infoNumber(info, 'keyspace_misses'), self.lookups.misses));
      const lookups = hits === null || misses === null ? 0 : Math.max(0, hits) + Math.max(0, misses);
      const missRatio = misses === null || lookups <= 0 ? null : round3(Math.max(0, misses) / lookups);
      const evictionBehindMs = infoNumber(info, 'current_eviction_exceeded_time');
      const behind = evictionBehindMs !== null && evictionBehindMs > 0;
      // Each miss is work for the store behind the cache. A few misses are normal.
      const tooSmall =
        evicts && missRatio !== null && missRatio >= options.missRatio && (misses ?? 0) >= options.missesPerSecond;
      const limitedBy: (typeof LIMITS)[number] = max !== null && max > 0 ? 'maxmemory' : 'system';
      return Promise.resolve({
        value: usedRatio,
        summary:
          `${Math.round(used / MB)} MB of ${Math.round(bound / MB)} MB (${limitedBy === 'system' ? 'no maxmemory: the machine’s memory' : policy})` +
          (refuses ? `; ${oomErrorsPerSecond} commands/s refused for lack of memory` : '') +
          (evicts ? `; ${evictedPerSecond} keys/s evicted` : '') +
          (tooSmall ? `, and ${Math.round((missRatio ?? 0) * 100)} % of the lookups miss` : '') +
          (behind ? `; eviction has not kept up for ${evictionBehindMs} ms` : '') +
          (fragmented ? `; fragmented: ${ratio}` : ''),
        fields: {
          used,
          max,
          limit: bound,
          limitedBy,
          usedRatio,
          policy,
          evictedPerSecond,
          missRatio,
          evictionBehindMs,
          oomErrorsPerSecond,
          fragmentationRatio: ratio,
          fragmentationBytes: wasted,
        },
        // A cache is always full: the finding is the cost of eviction, not the level.
        ignoreThresholds: limitedBy === 'maxmemory' && canEvict(policy, info),
        ...(refuses
          ? { atLeast: 'critical' as const }
          : tooSmall || behind || fragmented
            ? { atLeast: 'warning' as const }
            : {}),
        ...(tooSmall && !refuses ? { mend: TOO_SMALL } : {}),
      });
    };
  },
});

const TOO_SMALL =
  'The cache is too small for what is asked of it: keys go before they are asked for again. CONFIG SET maxmemory <bytes> gives it room; see redis.big_keys for what fills it, and shorten what nobody asks for twice.';

/** Of a policy for keys that expire: a tenth of them has to, or there is soon nothing left to evict. */
const EVICTABLE = 0.1;

function canEvict(policy: string | null, info: ReadonlyMap<string, string>): boolean {
  if (policy === null || policy === 'noeviction') {
    return false;
  }
  if (policy.startsWith('allkeys')) {
    return true;
  }
  const databases = [...databasesOf(info).values()];
  const sum = (name: 'keys' | 'expires'): number => databases.reduce((total, each) => total + each[name], 0);
  return sum('keys') > 0 && sum('expires') / sum('keys') >= EVICTABLE;
}
