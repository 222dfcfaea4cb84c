import {
  estateConflicts,
  formatProblem,
  loadKinds,
  loadPack,
  type LoadedKind,
  type LoadedPack,
  type Problem,
} from '@live-runbooks/engine/authoring';

import { readPackFolder } from './readPacks';

export interface LoadedPacks {
  readonly loaded: readonly LoadedPack[];
  readonly kinds: readonly LoadedKind[];
  readonly problems: readonly Problem[];
  readonly count: number;
}

/**
 * Loads all packs and kinds under a directory; one with a problem is not among them. A pack alone comes without the kinds. `kindsOf` is
 * another folder that holds the kinds, for packs that are kept elsewhere.
 */
export function loadPacks(directory: string, kindsOf?: string): LoadedPacks {
  const { files, packs, single } = readPackFolder(directory, kindsOf);
  const loaded: LoadedPack[] = [];
  const problems: Problem[] = [];
  for (const path of packs) {
    const result = loadPack(files, path);
    if (result.ok) {
      loaded.push(result);
    } else {
      problems.push(...result.problems);
    }
  }
  const { kinds, problems: ofKinds } = single && kindsOf === undefined ? { kinds: [], problems: [] } : loadKinds(files);
  problems.push(...ofKinds);
  problems.push(...estateConflicts(loaded, new Map(kinds.map(({ kind }) => [kind.id, kind]))));
  return { loaded, kinds, problems, count: packs.length };
}

/** All packs under a directory; undefined when one, or a kind, has a problem: then every problem was printed, once. */
export function soundPacks(directory: string, print: (line: string) => void): readonly LoadedPack[] | undefined {
  return soundFolder(directory, print)?.packs;
}

/** The same with the kinds beside the packs. */
export function soundFolder(
  directory: string,
  print: (line: string) => void,
  kindsOf?: string
): { readonly packs: readonly LoadedPack[]; readonly kinds: readonly LoadedKind[] } | undefined {
  const { loaded, kinds, problems } = loadPacks(directory, kindsOf);
  if (problems.length > 0) {
    [...new Set(problems.map(formatProblem))].forEach(print);
    return undefined;
  }
  return { packs: loaded, kinds };
}
