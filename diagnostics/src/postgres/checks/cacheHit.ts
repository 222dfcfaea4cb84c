/**
 * Blocks that were found in shared buffers, of those that were looked for lately; and whether anybody waits for the others.
 * A low ratio by itself is no harm: a server that was just started, a report, a dump or a table that is larger than the
 * buffers read what they need once, and the system may have it in memory.
 */
import { z } from 'zod';
import { NO_RATE_YET, defineCheck, limit } from '../../model/check';
import { round3 } from '../../model/clock';
import { fact } from '../../model/fact';
import { Horizon, SampleWindow } from '../../model/window';
import type { PostgresCheckContext } from '../context';
import { isClient } from '../activity';
import { bytesOf } from '../settingBytes';

interface Blocks {
  readonly fetched: number;
  readonly hit: number;
  /** Of monitors: counted at once, while the server tells its own counts when their transaction is over. */
  readonly byMonitors: { readonly fetched: number; readonly hit: number };
}

/** What a session waits for while a block is read; from 18 on, reading may be somebody else's work. */
const READING = new Set(['DataFileRead', 'DataFilePrefetch', 'AioIoCompletion', 'AioIoUringExecution']);
/** A share of the looks needs some of them. */
const FEW_LOOKS = 3;

export const cacheHit = defineCheck({
  id: 'postgres.cache_hit',
  title: 'Cache hit ratio',
  kind: 'postgres',
  asks: 'pg_stat_get_db_blocks_fetched and _hit of this database, less what pg_stat_statements counts for monitors: increase within the window; pg_stat_get_activity: who waits for a block',
  value: 'hitRatio',
  fields: {
    hitRatio: fact.ratio('hits / blocks looked for within the window; null while there are too few'),
    readPerSecond: fact.perSecond(
      'blocks per second that were not in shared buffers (the system may still have had them)'
    ),
    fetchedPerSecond: fact.perSecond('blocks per second that were looked for'),
    waitingForReads: fact.count(
      'sessions of applications that wait for a block to be read, on average of the rounds in the window; null while there are too few rounds'
    ),
    turnover: fact.count(
      'blocks that were read within the window / blocks of shared_buffers: above 1, they push each other out'
    ),
    windowSeconds: fact.seconds('seconds that the rates cover'),
  },
  rows: {},
  mend: 'Find who reads so much (postgres.table_use, postgres.statements): a missing index is the usual cause. Only then raise shared_buffers (a quarter of the memory is common; needs a restart).',
  privilege: 'CONNECT on the database',
  below: true,
  options: z.strictObject({
    /** Counts only while blocks push each other out and sessions wait for them. */
    warning: limit.warning(0.99),
    critical: limit.none(),
    /** Fewer blocks per second say nothing. */
    minPerSecond: z.number().min(0).default(500),
    /** So many sessions wait for blocks on average. */
    minWaiting: z.number().min(0).default(0.2),
    windowSeconds: z.number().int().min(10).max(3600).default(120),
  }),
  make: (options) => {
    const window = new SampleWindow<Blocks>(options.windowSeconds * 1000);
    let last: Blocks | undefined;
    const horizon = new Horizon(options.windowSeconds * 1000);
    let looks: ReadonlyArray<{ readonly at: number; readonly waiting: number }> = [];
    return async (context: PostgresCheckContext) => {
      const activity = await context.shared.activity();
      const waiting = activity.filter(
        (each) =>
          isClient(each) &&
          each.work === 'application' &&
          each.databaseId === context.names.database.id &&
          each.state === 'active' &&
          READING.has(each.waitEvent ?? '')
      ).length;
      const from = horizon.look(context.now);
      looks = [...looks.filter(({ at }) => at >= from), { at: context.now, waiting }];
      const row = await context.shared.counted('database');
      const monitors = (await context.shared.statementCounts())?.monitors ?? { fetched: 0, hit: 0 };
      const now: Blocks = {
        fetched: Number(row.fetched),
        hit: Number(row.hit),
        byMonitors: monitors,
      };
      // The statistics of one of the two were reset.
      if (last !== undefined && (now.fetched < last.fetched || now.byMonitors.fetched < last.byMonitors.fetched)) {
        window.clear();
      }
      last = now;
      window.add(context.now, now);
      const base = window.base(context.now);
      if (base === undefined) {
        return {
          value: null,
          summary: 'no rate yet: the next round has one',
          fields: {
            ...{ hitRatio: null, readPerSecond: null, fetchedPerSecond: null },
            ...{ waitingForReads: null, turnover: null, windowSeconds: null },
          },
          unknown: NO_RATE_YET,
        };
      }
      const seconds = (context.now - base.at) / 1000;
      const since = (of: 'fetched' | 'hit'): number =>
        Math.max(0, now[of] - base.value[of] - (now.byMonitors[of] - base.value.byMonitors[of]));
      const fetched = since('fetched');
      const read = Math.max(0, fetched - since('hit'));
      const enough = fetched > 0 && fetched / seconds >= options.minPerSecond;
      const hitRatio = enough ? round3(1 - read / fetched) : null;
      const settings = await context.shared.settings();
      const blockBytes = Number(settings.get('block_size')?.value ?? 8192);
      const turnover = round3((read * blockBytes) / Math.max(bytesOf(settings.get('shared_buffers')), 1));
      // Seen for less than the window, it is not extrapolated.
      const lookedFor = (context.now - (looks[0]?.at ?? context.now)) / 1000;
      const waitingForReads =
        looks.length <= FEW_LOOKS
          ? null
          : round3(
              (looks.slice(1).reduce((sum, each) => sum + each.waiting, 0) / (looks.length - 1)) *
                Math.min(1, lookedFor / options.windowSeconds)
            );
      const harmless = turnover <= 1 || waitingForReads === null || waitingForReads < options.minWaiting;
      return {
        value: hitRatio,
        summary:
          hitRatio === null
            ? `too little is read to judge: ${Math.round(fetched / seconds)} blocks a second`
            : `${(hitRatio * 100).toFixed(1)} % of ${Math.round(fetched / seconds)} blocks a second were in shared buffers` +
              (hitRatio > options.warning
                ? ''
                : harmless
                  ? '; it holds nobody up'
                  : `; ${waitingForReads} sessions wait for the others on average`),
        fields: {
          hitRatio,
          readPerSecond: round3(read / seconds),
          fetchedPerSecond: round3(fetched / seconds),
          waitingForReads,
          turnover,
          windowSeconds: round3(seconds),
        },
        ignoreThresholds: harmless,
      };
    };
  },
});
