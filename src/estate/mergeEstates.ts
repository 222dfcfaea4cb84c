/** Two people changed one estate: what each changed alone is kept, and what both changed is named. */
import type { EstateSettings } from '@live-runbooks/engine';

interface Merged {
  readonly estate: EstateSettings;
  /** Ids of components and packs of which both said something else: they are as in `mine`. */
  readonly both: readonly string[];
}

/** @param base what both of them started from */
export function mergeEstates(base: EstateSettings, mine: EstateSettings, theirs: EstateSettings): Merged {
  const components = mergeMaps(base.components ?? {}, mine.components ?? {}, theirs.components ?? {});
  const packs = mergeMaps(base.packs ?? {}, mine.packs ?? {}, theirs.packs ?? {});
  return {
    estate: {
      ...theirs,
      components: components.merged,
      ...(Object.keys(packs.merged).length > 0 || theirs.packs ? { packs: packs.merged } : {}),
    },
    both: [...components.both, ...packs.both],
  };
}

function mergeMaps<T>(
  base: Readonly<Record<string, T>>,
  mine: Readonly<Record<string, T>>,
  theirs: Readonly<Record<string, T>>
): { readonly merged: Readonly<Record<string, T>>; readonly both: readonly string[] } {
  const both: string[] = [];
  const merged: Record<string, T> = {};
  for (const id of new Set([...Object.keys(theirs), ...Object.keys(mine)])) {
    const [was, here, there] = [base[id], mine[id], theirs[id]];
    const isMine = !isEqual(here, was);
    if (isMine && !isEqual(there, was) && !isEqual(here, there)) {
      both.push(id);
    }
    const chosen = isMine ? here : there;
    if (chosen !== undefined) {
      merged[id] = chosen;
    }
  }
  return { merged, both: both.sort() };
}

function isEqual(a: unknown, b: unknown): boolean {
  return JSON.stringify(ordered(a)) === JSON.stringify(ordered(b));
}

/** In whatever order the keys were written. */
function ordered(value: unknown): unknown {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.entries(value)
        .filter(([, each]) => each !== undefined)
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, each]) => [key, ordered(each)])
    : value;
}
