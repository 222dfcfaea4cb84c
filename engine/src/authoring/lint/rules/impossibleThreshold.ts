import { aggregationOf, binaryOf, functionOf, unwrapped, type QueryNode } from '../queries/tree';
import type { PackRule } from './rule';

export const impossibleThreshold: PackRule = {
  id: 'impossible-threshold',
  what: 'A threshold lies where the number never is: below zero for a count or a rate, above one for a share that a check measures.',
  why: 'The signal is always present, or never, whatever happens.',
  mend: 'Write the threshold in the unit of the value: a share is 0 to 1, and `0.05` is 5 %.',
  check: ({ loaded, checks, trees }, tell) => {
    for (const { id, query, test } of Object.values(loaded.pack.signals)) {
      const bound = 'above' in test ? test.above : 'below' in test ? test.below : undefined;
      if (bound === undefined) {
        continue;
      }
      const tree = trees.get(id);
      const facts = query.source === 'diagnostics' ? checks?.[query.check] : undefined;
      const field = query.source === 'diagnostics' && 'field' in query.read ? query.read.field : undefined;
      const share = field !== undefined && facts?.fields[field]?.unit === 'percentunit' && /[rR]atio$/.test(field);
      const counts =
        (query.source === 'diagnostics' && 'rows' in query.read) || (tree !== undefined && neverNegative(tree));
      if ((share || counts) && ('above' in test ? bound < 0 : bound <= 0)) {
        tell(
          `signal ${id}`,
          `what it asks is never below 0, so \`${'above' in test ? 'above' : 'below'}: ${bound}\` ${'above' in test ? 'always' : 'never'} holds`,
          ['test']
        );
      } else if (share && field === 'usedRatio' && bound > 1) {
        tell(`signal ${id}`, `\`${field}\` is a share, 0 to 1, and \`${bound}\` is ${bound * 100} %`, ['test']);
      }
    }
  },
};

/** Counts, rates of counters, and what adds them up or takes the largest. */
function neverNegative(given: QueryNode): boolean {
  const node = unwrapped(given);
  const aggregation = aggregationOf(node);
  if (aggregation !== undefined) {
    return /^count(_values)?$/.test(aggregation.operator) || neverNegative(aggregation.operand);
  }
  const binary = binaryOf(node);
  if (binary !== undefined) {
    return /^[+*/]$|^or$/.test(binary.operator)
      ? [binary.left, binary.right].every((side) => neverNegative(side) || isPositive(side))
      : /^(and|unless|[<>]=?)$/.test(binary.operator) && neverNegative(binary.left);
  }
  return /^(rate|irate|increase|changes|resets|count_over_time)$/.test(functionOf(node) ?? '');
}

function isPositive(node: QueryNode): boolean {
  return unwrapped(node).name === 'NumberDurationLiteral';
}
