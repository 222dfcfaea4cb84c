import { functionOf, unwrapped } from '../queries/tree';
import { queryRule } from './queryRule';

/**
 * No series and no line may mean that nobody measures: then nothing is refuted. Only `absent()` answers nothing when all is
 * well.
 */
export const emptyIsHealth = queryRule({
  id: 'empty-is-health',
  what: '`empty: absent` counts an answer without any series or line as health.',
  why: 'The answer is empty, too, when the metric is not scraped or the log stream is missing, and then a cause is refuted although nothing was measured.',
  mend: 'Delete `empty`, and let the query answer 0 only where the metric or the stream exists: `… or 0 * sum(…)`. A query of `absent(…)` may keep it.',
  at: 'empty',
  problemOf: ({ signal, tree }) => {
    if (signal.empty !== 'absent' || /^absent(_over_time)?$/.test(functionOf(tree ? unwrapped(tree) : NOTHING) ?? '')) {
      return undefined;
    }
    const fallback =
      signal.query.source === 'loki'
        ? '`… or 0 * sum(count_over_time({app="…"}[5m]))`'
        : '`… or 0 * sum(the metric that must be there)`';
    return `\`empty: absent\` takes it for health that nothing is measured: say 0 only where the stream or the metric exists, ${fallback}, and leave \`empty\` out`;
  },
});

const NOTHING = { name: '', text: '', children: [] };
