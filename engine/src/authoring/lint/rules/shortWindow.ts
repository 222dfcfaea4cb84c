import { SCRAPES_IN_A_WINDOW } from '../../../quoting/quarter';
import { parseDuration, rangesOf } from '../../../wording/duration';
import { nodesOf } from '../queries/tree';
import { queryRule } from './queryRule';

/** How often Prometheus scrapes when the pack has no parameter `scrape`: what most configurations say. */
const USUAL_SCRAPE = '15s';

/** `rate` needs two samples, and one may be lost at each edge: a window that is too short answers nothing, or at random. */
export const shortWindow = queryRule({
  id: 'short-window',
  what: 'A window of a query is shorter than four scrapes: `[10s]`, when Prometheus scrapes each 15 s.',
  why: '`rate` needs two samples in its window, so it answers nothing, or only sometimes.',
  mend: 'Write a longer one: `[{{window}}]` or `[{{window | quarter}}]`.',
  problemOf: ({ pack, tree }) => {
    const scrape = pack.params['scrape']?.default ?? USUAL_SCRAPE;
    for (const { name, children } of tree === undefined ? [] : nodesOf(tree)) {
      const range = children.find((child) => child.name === 'NumberDurationLiteralInDurationContext')?.text;
      if (
        (name === 'MatrixSelector' || name === 'SubqueryExpr') &&
        range !== undefined &&
        rangesOf(`[${range}]`).some(({ ms }) => ms < SCRAPES_IN_A_WINDOW * parseDuration(scrape))
      ) {
        return `the window [${range}] is shorter than four scrapes (every ${scrape}): take a longer one, like [{{window}}] or [{{window | quarter}}]`;
      }
    }
    return undefined;
  },
});
