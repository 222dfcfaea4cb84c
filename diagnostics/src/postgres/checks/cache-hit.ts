/** Blocks that were found in shared buffers, of those that were looked for lately. */
import { z } from 'zod';
import { defineCheck, limit } from '../../model/check';
import { round3 } from '../../model/clock';
import { SampleWindow } from '../../model/window';
import type { PostgresCheckContext } from '../context';

interface Blocks {
  readonly fetched: number;
  readonly hit: number;
}

export const cacheHit = defineCheck({
  id: 'postgres.cache_hit',
  title: 'Cache hit ratio',
  kind: 'postgres',
  asks: 'pg_stat_get_db_blocks_fetched and _hit of this database: increase within the window',
  unit: 'percentunit',
  fields: {
    hitRatio: 'hits / blocks looked for within the window; null while there are too few',
    readPerSecond: 'blocks per second that were not in shared buffers (the system may still have had them)',
    fetchedPerSecond: 'blocks per second that were looked for',
    windowSeconds: 'seconds that the rates cover',
  },
  rows: {},
  mend: 'Find who reads so much (postgres.table_use, postgres.statements): a missing index is the usual cause. Only then raise shared_buffers (a quarter of the memory is common; needs a restart).',
  privilege: 'CONNECT on the database',
  below: true,
  options: z.strictObject({
    warning: limit.warning(0.99),
    critical: limit.none(),
    /** Fewer blocks per second say nothing. */
    minPerSecond: z.number().min(0).default(500),
    windowSeconds: z.number().int().min(10).max(3600).default(300),
  }),
  make: (options) => {
    const window = new SampleWindow<Blocks>(options.windowSeconds * 1000);
    let last: Blocks | undefined;
    return async (context: PostgresCheckContext) => {
      const [row] = await context.ask(
        'SELECT pg_stat_get_db_blocks_fetched($1::oid) AS fetched, pg_stat_get_db_blocks_hit($1::oid) AS hit',
        [context.names.database.id]
      );
      const now: Blocks = { fetched: Number(row?.fetched), hit: Number(row?.hit) };
      if (last !== undefined && now.fetched < last.fetched) {
        window.clear();
      }
      last = now;
      window.add(context.now, now);
      const base = window.base(context.now);
      if (base === undefined) {
        return {
          value: null,
          summary: 'no rate yet: the next round has one',
          fields: { hitRatio: null, readPerSecond: null, fetchedPerSecond: null, windowSeconds: null },
          unknown: { reason: 'no-series', mend: 'Ask again in a few seconds: the first round only counts.' },
        };
      }
      const seconds = (context.now - base.at) / 1000;
      const fetched = now.fetched - base.value.fetched;
      const read = fetched - (now.hit - base.value.hit);
      const enough = fetched / seconds >= options.minPerSecond;
      const hitRatio = enough ? round3(1 - read / fetched) : null;
      return {
        value: hitRatio,
        summary:
          hitRatio === null
            ? `too little is read to judge: ${Math.round(fetched / seconds)} blocks a second`
            : `${(hitRatio * 100).toFixed(1)} % of ${Math.round(fetched / seconds)} blocks a second were in shared buffers`,
        fields: {
          hitRatio,
          readPerSecond: round3(Math.max(0, read) / seconds),
          fetchedPerSecond: round3(fetched / seconds),
          windowSeconds: round3(seconds),
        },
      };
    };
  },
});
