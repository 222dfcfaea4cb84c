import { discoveryQueryId } from '../../estate/candidates';
import { discoveryQueries } from '../../estate/discover';
import { labelsOf } from '../../estate/identityLabels';
import type { LoadedPack } from '../load';
import type { Path } from '../source';

/** A query that finds the components of a kind, and where its author wrote it in `kind.yaml`. */
export interface Discovery {
  readonly expr: string;
  /** Labels that each of its series must have. */
  readonly labels: readonly string[];
  readonly path: Path;
}

/** The queries by which a kind is discovered, one for each dialect; a pack has none. */
export function discoveriesOf({ kind }: LoadedPack): Discovery[] {
  if (kind === undefined) {
    return [];
  }
  const queries = discoveryQueries([kind]);
  return Object.keys(kind.dialects).flatMap((dialect) => {
    const query = queries.find(({ id }) => id === discoveryQueryId(kind.id, dialect));
    return query === undefined
      ? []
      : [
          {
            expr: query.expr,
            labels: labelsOf(kind, dialect).labels,
            path: ['dialects', dialect, 'discover'],
          },
        ];
  });
}
