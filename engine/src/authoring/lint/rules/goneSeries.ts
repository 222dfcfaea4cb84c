import { aggregationOf, binaryOf, functionOf, nodesOf, unwrapped, type QueryNode } from '../queries/tree';
import { queryRule } from './queryRule';

/** Functions that answer for a series that ended within the range. Counts and sums of samples are meant to. */
const OVER_TIME = /^(avg|min|max|last|quantile|stddev)_over_time$/;

/**
 * A series that ended within the window still has an average over it. Added up beside those that live, a pod that was
 * replaced counts twice; set against what exists now, it makes 120 % of a pool that is at 60 %.
 */
export const goneSeries = queryRule({
  id: 'gone-series',
  what: 'A query adds up what series were over a window (`avg_over_time`), or divides it by what exists now, and counts series that ended within the window.',
  why: 'After a rollout the pods that are gone count beside their successors: a pool that is used by 60 % reads 120 %.',
  mend: 'Divide inside of the aggregation, `max(avg_over_time(used[5m]) / limit)`, or keep only what exists now: `sum(avg_over_time(x[5m]) and x)`.',
  problemOf: ({ tree }) => {
    for (const node of tree === undefined ? [] : nodesOf(tree)) {
      const aggregation = aggregationOf(node);
      if (
        aggregation !== undefined &&
        /^(sum|avg|count)$/.test(aggregation.operator) &&
        overTime(aggregation.operand)
      ) {
        return (
          `\`${aggregation.operator}\` over \`${functionOf(unwrapped(aggregation.operand)) ?? ''}\` counts series that ended within the window: ` +
          'keep those that live, `sum(avg_over_time(x[5m]) and x)`, or set each against its own limit, `max(avg_over_time(x[5m]) / limit)`'
        );
      }
      const binary = binaryOf(node);
      if (binary?.operator === '/' && unlike(binary.left, binary.right)) {
        return 'one side of the division reads a window and the other this moment, so series that ended within the window are set against those that live: divide inside the aggregation, `max(avg_over_time(x[5m]) / limit)`';
      }
    }
    return undefined;
  },
});

function overTime(node: QueryNode): boolean {
  return OVER_TIME.test(functionOf(unwrapped(node)) ?? '');
}

/** One side aggregates what a window held, the other only what is there now. */
function unlike(left: QueryNode, right: QueryNode): boolean {
  const aggregates = (side: QueryNode) =>
    [...nodesOf(side)].some((node) => {
      const operand = aggregationOf(node)?.operand;
      return operand !== undefined && overTime(operand);
    });
  const ofNow = (side: QueryNode) =>
    [...nodesOf(side)].some((node) => aggregationOf(node) !== undefined) &&
    ![...nodesOf(side)].some(({ name }) => name === 'MatrixSelector' || name === 'SubqueryExpr');
  return (aggregates(left) && ofNow(right)) || (aggregates(right) && ofNow(left));
}
