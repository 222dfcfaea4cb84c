/**
 * Checkpoints that come because WAL filled up, instead of by the clock: each one is a burst of writes. One that somebody
 * asks for (CHECKPOINT, a backup, a restart) is counted by the server as requested too, and is none of these: it comes
 * without so much WAL. An import is over before it is a trend.
 */
import { z } from 'zod';
import { NO_RATE_YET, defineCheck, limit } from '../../model/check';
import { round3 } from '../../model/clock';
import { fact } from '../../model/fact';
import { Occurrences, SampleWindow } from '../../model/window';
import type { PostgresCheckContext } from '../context';
import { bytesOf } from '../settingBytes';

interface Counted {
  readonly timed: number;
  readonly requested: number;
  /** Position in WAL, bytes. */
  readonly position: number;
}

/** WAL of a checkpoint that WAL asked for, at least: it comes between half and the whole of max_wal_size. */
const FULL = 1 / 4;
/** What recurs was seen over this share of the window. */
const SPAN = 1 / 6;

const MB = 1024 * 1024;

export const checkpoints = defineCheck({
  id: 'postgres.checkpoints',
  title: 'Checkpoints that come too often',
  kind: 'postgres',
  asks: 'pg_stat_bgwriter (16 and earlier) or pg_stat_checkpointer (17 and later): increase within the window; WAL that was written meanwhile, and max_wal_size',
  value: 'requested',
  fields: {
    requested: fact.count('requested checkpoints within the window; null before the second answer'),
    timed: fact.count('timed ones within the window'),
    walBytes: fact.bytes('WAL that was written within the window'),
    byWal: fact.flag('the requested ones came because WAL filled up, again and again'),
    requestedRatio: fact.ratio('requested / all within the window; null without any'),
    requestedTotal: fact.count('requested since the statistics were reset'),
    timedTotal: fact.count('timed since the statistics were reset'),
    windowSeconds: fact.seconds('seconds that the counts cover'),
  },
  rows: {},
  mend: 'Raise max_wal_size until checkpoints come by the clock (checkpoint_timeout): ALTER SYSTEM SET max_wal_size = …; SELECT pg_reload_conf(). CHECKPOINT by hand, backups and CREATE DATABASE count as requested too.',
  privilege: 'CONNECT on the database',
  options: z.strictObject({
    /** Requested checkpoints within the window; they count while they are more than the timed ones and WAL asked for them. */
    warning: limit.warning(5),
    critical: limit.none(),
    windowSeconds: z.number().int().min(10).max(86_400).default(1800),
    everySeconds: limit.every(10),
  }),
  make: (options) => {
    const window = new SampleWindow<Counted>(options.windowSeconds * 1000);
    const seen = new Occurrences(options.windowSeconds * 1000);
    let last: Counted | undefined;
    return async (context: PostgresCheckContext) => {
      const row = await context.shared.counted('checkpoints');
      const now: Counted = {
        timed: Number(row.timed),
        requested: Number(row.requested),
        position: Number(row.position ?? 0),
      };
      if (last !== undefined && (now.timed < last.timed || now.requested < last.requested)) {
        window.clear();
      }
      seen.look(context.now, last !== undefined && now.requested > last.requested);
      last = now;
      window.add(context.now, now);
      const base = window.base(context.now);
      const totals = { requestedTotal: now.requested, timedTotal: now.timed };
      if (base === undefined) {
        return {
          value: null,
          summary: `${now.requested} requested, ${now.timed} timed since the statistics were reset; the next answer has what is new`,
          fields: {
            ...{ requested: null, timed: null, requestedRatio: null, walBytes: null, byWal: null, windowSeconds: null },
            ...totals,
          },
          unknown: NO_RATE_YET,
        };
      }
      const requested = now.requested - base.value.requested;
      const timed = now.timed - base.value.timed;
      const seconds = round3((context.now - base.at) / 1000);
      const walBytes = Math.max(0, now.position - base.value.position);
      const most = bytesOf((await context.shared.settings()).get('max_wal_size'));
      const byWal = seen.recur(SPAN * options.windowSeconds * 1000) && walBytes >= requested * FULL * most;
      return {
        value: requested,
        summary: `${requested} requested and ${timed} timed within ${seconds.toFixed(0)} s${requested === 0 ? '' : byWal ? `: WAL fills max_wal_size (${Math.round(walBytes / MB)} MB were written)` : '; it is not WAL that asks for them again and again'}`,
        fields: {
          requested,
          timed,
          requestedRatio: requested + timed > 0 ? round3(requested / (requested + timed)) : null,
          walBytes,
          byWal,
          windowSeconds: seconds,
          ...totals,
        },
        ignoreThresholds: requested <= timed || !byWal,
      };
    };
  },
});
