import { z } from 'zod';
import { defineCheck, limit } from '../../model/check';
import { fact } from '../../model/fact';
import type { RedisCheckContext } from '../context';
import type { Reply } from '../session';
import { isOwn, readSlowlog } from '../slowlog';

export const latency = defineCheck({
  id: 'redis.latency',
  title: 'Latency of the server',
  kind: 'redis',
  asks: 'PING; LATENCY LATEST; LATENCY DOCTOR each minute (each ten while nobody asks), for whether the monitor is on',
  value: 'worstMs',
  timed: true,
  fields: {
    worstMs: fact.ms('the worst of PING and the events of the last `recentSeconds`, ms'),
    monitorThreshold: fact.count(
      '0: the latency monitor is off and there are no events; null: it is on (its value is not readable)'
    ),
    pingMs: fact.ms('ms that PING took, network included'),
  },
  rows: {
    events: {
      event: fact.text('kind'),
      latestMs: fact.ms('the latest, ms'),
      maxMs: fact.ms('the worst since start, ms'),
      at: fact.time('when (ISO 8601)'),
    },
  },
  mend: 'command: see redis.slowlog. fork, aof-*: disk and memory of the host. expire-cycle, eviction-cycle: many keys at once. Without events turn the monitor on: CONFIG SET latency-monitor-threshold 100.',
  privilege: '+ping +latency|latest +latency|doctor',
  options: z.strictObject({
    warning: limit.warning(100),
    critical: limit.critical(1000),
    /** Older events do not count. Seconds. */
    recentSeconds: z.number().min(1).default(60),
  }),
  make:
    (options) =>
    ({ latencyLatest, latencyDoctor, slowlog, pingMs, now, self }: RedisCheckContext) => {
      if (latencyLatest instanceof Error) {
        throw latencyLatest;
      }
      const off = typeof latencyDoctor === 'string' && /latency monitoring is disabled/i.test(latencyDoctor);
      const events = (Array.isArray(latencyLatest) ? (latencyLatest as readonly Reply[]) : []).flatMap((each) => {
        const [event, seconds, latestMs, maxMs] = Array.isArray(each) ? (each as readonly Reply[]) : [];
        return event === undefined
          ? []
          : [
              {
                event: String(event),
                latestMs: Number(latestMs),
                maxMs: Number(maxMs),
                at: new Date(Number(seconds) * 1000).toISOString(),
              },
            ];
      });
      // An event that this service caused is no finding: the slow log names the client.
      const own = slowlog instanceof Error ? [] : readSlowlog(slowlog).filter((each) => isOwn(each, self));
      const isOwnEvent = ({ event, at, latestMs }: (typeof events)[number]): boolean =>
        event.endsWith('command') &&
        own.some(
          (each) =>
            Math.abs(Date.parse(each.at) - Date.parse(at)) <= 1000 && Math.abs(each.micros / 1000 - latestMs) <= 2
        );
      const recent = events
        .filter((each) => !isOwnEvent(each))
        .filter((each) => now - Date.parse(each.at) <= options.recentSeconds * 1000)
        .sort((a, b) => b.latestMs - a.latestMs);
      const worst = recent[0];
      const worstMs = Math.max(pingMs, worst?.latestMs ?? 0);
      return Promise.resolve({
        value: worstMs,
        summary:
          (worst !== undefined && worst.latestMs >= pingMs
            ? `${worst.event} took ${worst.latestMs} ms`
            : `PING took ${pingMs} ms`) +
          (off
            ? '; the latency monitor is off (latency-monitor-threshold 0), so events and LATENCY DOCTOR can tell nothing'
            : ''),
        fields: { worstMs, monitorThreshold: off ? 0 : null, pingMs },
        rows: { events: events.slice(0, 20) },
      });
    },
});
