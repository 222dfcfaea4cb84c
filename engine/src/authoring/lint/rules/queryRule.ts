import type { Pack, Signal } from '../../../model/pack';
import type { QueryNode } from '../queries/tree';
import type { RuleText } from '../text';
import type { PackRule } from './rule';

/** What a rule about queries is given: a signal that Prometheus or Loki answers. */
export interface LintedQuery {
  readonly pack: Pack;
  readonly signal: Signal;
  /** The parsed expression with the defaults of the parameters; undefined for LogQL and where no parser is at hand. */
  readonly tree: QueryNode | undefined;
}

interface QueryRule extends RuleText {
  /** Where the fault stands, when it is not the query itself. */
  readonly at?: 'empty';
  /** What is wrong, why, and how it is mended; undefined when nothing is. */
  readonly problemOf: (query: LintedQuery) => string | undefined;
}

/** A rule that is asked of every query of a pack. */
export function queryRule({ at, problemOf, ...text }: QueryRule): PackRule {
  return {
    ...text,
    check: ({ loaded: { pack }, trees }, tell) => {
      for (const signal of Object.values(pack.signals)) {
        const { source } = signal.query;
        if (source !== 'prometheus' && source !== 'loki') {
          continue;
        }
        const problem = problemOf({ pack, signal, tree: trees.get(signal.id) });
        if (problem !== undefined) {
          tell(`signal ${signal.id}`, problem, [at ?? source]);
        }
      }
    },
  };
}
