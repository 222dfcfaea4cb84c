import { parseDuration, rangesOf } from '../../../duration';
import { SCRAPES_IN_A_WINDOW } from '../../../quoting/quarter';
import type { QueryRule } from './query';
import { nodesOf } from './tree';

/** How often Prometheus scrapes when the pack has no parameter `scrape`: what most configurations say. */
const USUAL_SCRAPE = '15s';

/** `rate` needs two samples, and one may be lost at each edge: a window that is too short answers nothing, or at random. */
export const shortWindow: QueryRule = {
  id: 'short-window',
  check: ({ pack, tree }) => {
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
};
