import { binaryOf, functionOf, isFilter, nodesOf, unwrapped, shorten, type QueryNode } from '../queries/tree';
import { queryRule } from './queryRule';

/** A share of almost nothing is 0/0, 0 % or 100 % by chance: it is judged from some traffic on. */
export const unguardedRatio = queryRule({
  id: 'unguarded-ratio',
  what: 'A query divides by a rate that may be next to nothing.',
  why: 'At one request in ten minutes the share is 0 %, 100 % or 0/0 by chance.',
  mend: 'Let the divisor count only from some traffic on: `/ (sum(rate(x[5m])) >= 0.2)`.',
  problemOf: ({ tree }) => {
    const bad = tree === undefined ? undefined : unguarded(tree, false);
    return bad === undefined
      ? undefined
      : `the divisor \`${shorten(bad.text)}\` may be next to nothing: guard it, \`/ (sum(rate(x[5m])) >= 0.2)\`, or the whole, \`… and on () (sum(rate(x[5m])) >= 0.2)\``;
  },
});

function unguarded(node: QueryNode, guarded: boolean): QueryNode | undefined {
  const binary = binaryOf(node);
  if (binary?.operator === '/' && !guarded && isRate(binary.right) && !isFloored(binary.right)) {
    return binary.right;
  }
  // A comparison drops 0/0 and whatever does not hold; `a and b > 1` drops `a` where b does not hold.
  const filters = isFilter(node) || (binary?.operator === 'and' && [...nodesOf(binary.right)].some(isFilter));
  for (const child of node.children) {
    const covers = filters && (binary?.operator !== 'and' || child === binary.left);
    const found = unguarded(child, guarded || covers);
    if (found !== undefined) {
      return found;
    }
  }
  return undefined;
}

function isRate(node: QueryNode): boolean {
  return [...nodesOf(node)].some((each) => /^(rate|irate|increase)$/.test(functionOf(each) ?? ''));
}

function isFloored(node: QueryNode): boolean {
  const inner = unwrapped(node);
  return isFilter(inner) || functionOf(inner) === 'clamp_min';
}
