import type { Pack } from '../../../model/pack';
import { aggregationOf, nodesOf, selectorOf, type QueryNode } from '../queries/tree';
import { queryRule } from './queryRule';

/** Exporters of one server, of which several may run: their series are told apart by `instance`. */
const EXPORTED = /^(pg|redis)_/;
/** kube-state-metrics, of which several may run. */
const REPORTED = /^kube_/;

/** What several replicas report of one thing is one thing: five that report a queue of 250 are no queue of 1,250. */
export const summedReplicas = queryRule({
  id: 'summed-replicas',
  what: 'A query adds up what several processes report of one thing, like the depth of one queue.',
  why: 'Five replicas that report one queue of 250 messages give 1,250.',
  mend: 'Take the largest report of each thing first: `sum(max by (queue) (…))`.',
  problemOf: ({ pack, tree }) => {
    const things = thingsOf(pack);
    for (const node of tree === undefined ? [] : nodesOf(tree)) {
      const aggregation = aggregationOf(node);
      if (aggregation === undefined || !/^(sum|count)$/.test(aggregation.operator)) {
        continue;
      }
      for (const metric of uncollapsed(aggregation.operand)) {
        const thing = things.get(metric);
        const mend =
          thing !== undefined
            ? `\`sum(max by (${thing}) (…))\``
            : REPORTED.test(metric)
              ? '`sum(max by (namespace, pod, container) (…))`'
              : EXPORTED.test(metric) && !aggregation.by.includes('instance')
                ? '`max by (datname) (…)`, or `max(sum by (instance) (…))`'
                : undefined;
        if (mend !== undefined) {
          return `\`${aggregation.operator}\` adds up what several replicas report of one thing (\`${metric}\`): take the largest report of each first, ${mend}`;
        }
      }
    }
    return undefined;
  },
});

/** Metrics of which a parameter says that several processes report one thing, with the label that names the thing. */
function thingsOf({ params }: Pack): Map<string, string> {
  return new Map(
    Object.values(params).flatMap(({ thing, default: metric }) =>
      thing === undefined || metric === undefined ? [] : [[metric, thing] as const]
    )
  );
}

/** The metrics in an operand that no inner `max`, `min` or `avg` has made one of, and no inner sum judges by itself. */
function uncollapsed(node: QueryNode): string[] {
  if (aggregationOf(node) !== undefined) {
    return [];
  }
  const selector = selectorOf(node);
  return selector === undefined ? node.children.flatMap(uncollapsed) : [selector.metric];
}
