import { aggregationOf, argumentsOf, functionOf, nodesOf, unwrapped } from '../queries/tree';
import { queryRule } from './queryRule';

/** A quantile is one of buckets: of one rare series alone it says nothing of the service, and without `le` nothing at all. */
export const quantileWithoutLe = queryRule({
  id: 'quantile-without-le',
  what: '`histogram_quantile` is given buckets that were added up without their label `le`, or the buckets of each series alone.',
  why: 'Without `le` it answers nothing; of each series alone, one rare route decides the value.',
  mend: 'Add the buckets up by `le` first: `sum by (le) (rate(x_bucket[5m]))`.',
  problemOf: ({ tree }) => {
    for (const node of tree === undefined ? [] : nodesOf(tree)) {
      const buckets = functionOf(node) === 'histogram_quantile' ? argumentsOf(node).at(-1) : undefined;
      if (buckets === undefined) {
        continue;
      }
      const aggregation = aggregationOf(unwrapped(buckets));
      if (aggregation === undefined) {
        return 'this quantile is one of each series alone, so that one rare route decides: add the buckets up first, `histogram_quantile(0.95, sum by (le) (rate(x_bucket[5m])))`';
      }
      if (aggregation.without === undefined ? !aggregation.by.includes('le') : aggregation.without.includes('le')) {
        return 'the aggregation drops the label le, without which there are no buckets: `sum by (le) (…)`';
      }
    }
    return undefined;
  },
});
