/** Checkpoints that were requested, because WAL filled up, instead of coming by the clock: each one is a burst of writes. */
import { z } from 'zod';
import { defineCheck, limit } from '../../model/check';
import { round3 } from '../../model/clock';
import { SampleWindow } from '../../model/window';
import type { PostgresCheckContext } from '../context';

interface Counted {
  readonly timed: number;
  readonly requested: number;
}

export const checkpoints = defineCheck({
  id: 'postgres.checkpoints',
  title: 'Checkpoints that come too often',
  kind: 'postgres',
  asks: 'pg_stat_bgwriter (16 and earlier) or pg_stat_checkpointer (17 and later): increase within the window',
  unit: 'short',
  fields: {
    requested: 'requested checkpoints within the window; null before the second answer',
    timed: 'timed ones within the window',
    requestedRatio: 'requested / all within the window; null without any',
    requestedTotal: 'requested since the statistics were reset',
    timedTotal: 'timed since the statistics were reset',
    windowSeconds: 'seconds that the counts cover',
  },
  rows: {},
  mend: 'Raise max_wal_size until checkpoints come by the clock (checkpoint_timeout): ALTER SYSTEM SET max_wal_size = …; SELECT pg_reload_conf(). CHECKPOINT by hand, backups and CREATE DATABASE count as requested too.',
  privilege: 'CONNECT on the database',
  options: z.strictObject({
    /** Requested checkpoints within the window; they count only while they are more than the timed ones. */
    warning: limit.warning(5),
    critical: limit.none(),
    windowSeconds: z.number().int().min(10).max(86_400).default(1800),
    everySeconds: limit.every(10),
  }),
  make: (options) => {
    const window = new SampleWindow<Counted>(options.windowSeconds * 1000);
    let last: Counted | undefined;
    return async (context: PostgresCheckContext) => {
      const [row] = await context.ask(
        context.version >= 170_000
          ? 'SELECT num_timed AS timed, num_requested AS requested FROM pg_stat_checkpointer'
          : 'SELECT pg_stat_get_bgwriter_timed_checkpoints() AS timed, pg_stat_get_bgwriter_requested_checkpoints() AS requested'
      );
      const now: Counted = { timed: Number(row?.timed), requested: Number(row?.requested) };
      if (last !== undefined && (now.timed < last.timed || now.requested < last.requested)) {
        window.clear();
      }
      last = now;
      window.add(context.now, now);
      const base = window.base(context.now);
      const totals = { requestedTotal: now.requested, timedTotal: now.timed };
      if (base === undefined) {
        return {
          value: null,
          summary: `${now.requested} requested, ${now.timed} timed since the statistics were reset; the next answer has what is new`,
          fields: { requested: null, timed: null, requestedRatio: null, windowSeconds: null, ...totals },
          unknown: { reason: 'no-series', mend: 'Ask again in a few seconds: the first round only counts.' },
        };
      }
      const requested = now.requested - base.value.requested;
      const timed = now.timed - base.value.timed;
      const seconds = round3((context.now - base.at) / 1000);
      return {
        value: requested,
        summary: `${requested} requested and ${timed} timed within ${seconds.toFixed(0)} s`,
        fields: {
          requested,
          timed,
          requestedRatio: requested + timed > 0 ? round3(requested / (requested + timed)) : null,
          windowSeconds: seconds,
          ...totals,
        },
        ignoreThresholds: requested <= timed,
      };
    };
  },
});
