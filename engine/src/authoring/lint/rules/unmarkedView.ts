import type { Runbook, Signal } from '../../../model/pack';
import { aggregationOf, nodesOf, selectorsOf, type QueryNode } from '../queries/tree';
import type { PackRule } from './rule';

/** What a query reads: metrics, matchers and the labels by which it is broken down. */
interface Read {
  readonly metrics: ReadonlySet<string>;
  readonly matchers: ReadonlySet<string>;
  readonly by: ReadonlySet<string>;
}

/**
 * Evidence that asks of the same metric, in the same direction, what a symptom of the runbook asks, only of a part (which
 * route, which version), is there whenever the symptom is: it proves no cause, and has to say that it is a view of it.
 */
export const unmarkedView: PackRule = {
  id: 'unmarked-view',
  what: 'Evidence asks what a symptom of the runbook asks, only for a part of it (by route, by version), and is not marked `viewOf`.',
  why: 'It is present whenever the symptom is, so the symptom would prove its own cause.',
  mend: 'Add `viewOf: <symptom>` to the signal, or ask something that the symptom does not say.',
  check: ({ loaded, trees }, tell) => {
    const { runbooks, signals } = loaded.pack;
    const told = new Set<string>();
    for (const runbook of runbooks) {
      for (const id of supporting(runbook)) {
        const signal = signals[id];
        const tree = trees.get(id);
        if (signal === undefined || tree === undefined || signal.viewOf !== undefined || told.has(id)) {
          continue;
        }
        const symptom = runbook.symptoms.find((shown) => {
          const of = trees.get(shown);
          return of !== undefined && sameDirection(signal, signals[shown]) && isPartOf(readOf(tree), readOf(of));
        });
        if (symptom !== undefined && !runbook.symptoms.includes(id)) {
          told.add(id);
          tell(
            `signal ${id}`,
            `\`${id}\` shows a part of the symptom \`${symptom}\` of \`${runbook.id}\` and speaks for a cause there, which it cannot prove: mark it \`viewOf: ${symptom}\`, or ask something that the symptom does not say`,
            ['prometheus']
          );
        }
      }
    }
  },
};

/** The signals that speak for a cause of the runbook by being present. */
function supporting({ causes }: Runbook): Set<string> {
  return new Set(
    causes.flatMap(({ evidence }) =>
      evidence.filter(({ present }) => present.sign > 0 && present.band !== 'none').map(({ signal }) => signal)
    )
  );
}

function sameDirection({ test }: Signal, other: Signal | undefined): boolean {
  return (
    other !== undefined && (('above' in test && 'above' in other.test) || ('below' in test && 'below' in other.test))
  );
}

function isPartOf(part: Read, whole: Read): boolean {
  return (
    part.metrics.size > 0 &&
    part.metrics.size === whole.metrics.size &&
    contains(part.metrics, whole.metrics) &&
    contains(part.matchers, whole.matchers) &&
    contains(part.by, whole.by) &&
    (part.by.size > whole.by.size || part.matchers.size > whole.matchers.size)
  );
}

const contains = (all: ReadonlySet<string>, some: ReadonlySet<string>): boolean =>
  [...some].every((one) => all.has(one));

function readOf(tree: QueryNode): Read {
  const selectors = selectorsOf(tree);
  return {
    metrics: new Set(selectors.map(({ metric }) => metric)),
    matchers: new Set(
      selectors.flatMap(({ matchers }) => matchers.map(({ label, operator, value }) => `${label}${operator}${value}`))
    ),
    // `le` is what a histogram is made of.
    by: new Set([...nodesOf(tree)].flatMap((node) => aggregationOf(node)?.by ?? []).filter((label) => label !== 'le')),
  };
}
