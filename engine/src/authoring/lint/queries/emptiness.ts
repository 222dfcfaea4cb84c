import type { QueryRule } from './query';
import { functionOf, unwrapped } from './tree';

/**
 * No series and no line may mean that nobody measures: then nothing is refuted. Only `absent()` answers nothing when all is
 * well.
 */
export const emptiness: QueryRule = {
  id: 'empty-is-health',
  check: ({ signal, tree }) => {
    if (signal.empty !== 'absent' || /^absent(_over_time)?$/.test(functionOf(tree ? unwrapped(tree) : NOTHING) ?? '')) {
      return undefined;
    }
    const fallback =
      signal.query.source === 'loki'
        ? '`… or 0 * sum(count_over_time({app="…"}[5m]))`'
        : '`… or 0 * sum(the metric that must be there)`';
    return `\`empty: absent\` takes it for health that nothing is measured: say 0 only where the stream or the metric exists, ${fallback}, and leave \`empty\` out`;
  },
};

const NOTHING = { name: '', text: '', children: [] };
