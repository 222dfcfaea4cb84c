import { z } from 'zod';
import { Unanswered, defineCheck, limit } from '../../../model/check';
import { round3 } from '../../../model/clock';
import { fact } from '../../../model/fact';
import { SampleWindow } from '../../../model/window';
import { readGoroutines } from '../../goroutines';
import type { HttpCheckContext } from '../context';

export const goroutines = defineCheck({
  id: 'http.goroutines',
  title: 'Goroutines, and where they are',
  kind: 'http',
  asks: 'the body, when it is a goroutine profile of Go: /debug/pprof/goroutine?debug=1',
  value: 'total',
  fields: {
    total: fact.count('goroutines'),
    stacks: fact.count('different stacks'),
    largest: fact.count('goroutines that share the largest stack'),
    growthPerMinute: fact.perMinute('how much the total grew a minute within the window; null before the second round'),
  },
  rows: {
    stacks: {
      count: fact.count('goroutines with this stack'),
      share: fact.ratio('of all'),
      at: fact.text('the innermost function: what they wait in'),
      application: fact.text('the innermost function outside the standard library'),
      line: fact.text('its file and line'),
      started: fact.text('the outermost function: what was started with go'),
    },
  },
  mend: 'Many with one stack wait for the same thing: a channel that nobody reads, a lock, a call without a timeout. The row names the line. Save the profile before restarting.',
  privilege: 'network access to the pprof port, which must not be public',
  options: z.strictObject({
    warning: limit.warning(5000),
    critical: limit.critical(50_000),
    /** One stack held by this many goroutines, and by most of all, is a leak suspect. */
    sameStack: z.number().min(1).default(1000),
    windowSeconds: z.number().int().min(10).max(3600).default(300),
  }),
  make: (options) => {
    const window = new SampleWindow<number>(options.windowSeconds * 1000);
    return ({ body, now }: HttpCheckContext) => {
      const profile = typeof body === 'string' ? readGoroutines(body) : undefined;
      if (profile === undefined) {
        throw new Unanswered(
          'not-applicable',
          'the body is no goroutine profile',
          'A target with the URL …/debug/pprof/goroutine?debug=1 shows goroutines.'
        );
      }
      const { total, stacks } = profile;
      const base = window.base(now);
      window.add(now, total);
      const growthPerMinute =
        base === undefined ? null : round3(((total - base.value) * 60_000) / Math.max(now - base.at, 1));
      const largest = stacks[0];
      const suspect = largest !== undefined && largest.count >= options.sameStack && largest.count * 2 >= total;
      return Promise.resolve({
        value: total,
        summary: `${total} goroutines${
          largest === undefined
            ? ''
            : `; ${largest.count} of them in ${largest.application ?? largest.at}${largest.line === null ? '' : ` (${largest.line})`}`
        }`,
        fields: { total, stacks: stacks.length, largest: largest?.count ?? null, growthPerMinute },
        rows: {
          stacks: stacks.slice(0, 10).map(({ count, at, application, line, started }) => ({
            count,
            share: total === 0 ? null : round3(count / total),
            at,
            application,
            line,
            started,
          })),
        },
        ...(suspect ? { atLeast: 'warning' as const } : {}),
      });
    };
  },
});
