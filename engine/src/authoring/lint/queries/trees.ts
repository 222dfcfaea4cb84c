import type { Pack } from '../../../model/pack';
import { fillQuery } from '../sample';
import type { QueryReader } from '../tools';
import type { QueryNode } from './tree';

/** The PromQL of a pack's signals as trees, by signal, with the defaults of the parameters. Without a reader there are none. */
export function treesOf(pack: Pack, read: QueryReader | undefined): Map<string, QueryNode> {
  const trees = new Map<string, QueryNode>();
  for (const { id, query } of Object.values(pack.signals)) {
    if (query.source === 'prometheus' && read !== undefined) {
      trees.set(id, read(fillQuery(pack, query.expr, 'promql')));
    }
  }
  return trees;
}
