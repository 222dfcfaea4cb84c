/** Which facts a row of a signal holds, as far as that is known before anybody asks. */
import type { Fact } from '../catalogue';
import type { Signal } from '../../model/pack';
import { labelsOf } from './queries/labels';
import type { Linted } from './rules/rule';

/** Facts by column; undefined when a row may hold anything. */
export type Columns = Readonly<Record<string, Fact>>;

export function columnsOf(signal: Signal | undefined, { checks, trees }: Linted): Columns | undefined {
  switch (signal?.query.source) {
    case 'diagnostics': {
      const { check, read } = signal.query;
      const facts = checks?.[check];
      if ('rows' in read) {
        return facts?.configured?.rows?.[read.rows] === undefined ? facts?.rows[read.rows] : undefined;
      }
      return facts?.configured?.fields === undefined ? facts?.fields : undefined;
    }
    case 'prometheus': {
      const tree = trees.get(signal.id);
      const labels = tree === undefined ? undefined : labelsOf(tree);
      return labels === undefined
        ? undefined
        : Object.fromEntries(
            [...labels, 'value'].map((label): [string, Fact] => [label, label === 'value' ? { type: 'number' } : {}])
          );
    }
    default:
      return undefined;
  }
}
