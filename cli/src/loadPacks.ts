import { dirname, join, resolve } from 'node:path';

import { isEstate } from '@live-runbooks/engine';
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

/** The folder beside the packs that holds the kinds. */
const KINDS = 'kinds';

export interface LoadedPacks {
  readonly loaded: readonly LoadedPack[];
  readonly kinds: readonly LoadedKind[];
  /** The folder of the kinds, where they are read for the packs that rest on them and are not looked at themselves. */
  readonly kindsBeside: string | undefined;
  readonly problems: readonly Problem[];
  readonly count: number;
}

/**
 * Loads all packs and kinds under a directory; one with a problem is not among them. A pack alone comes with the kinds beside it when it
 * declares components, which rest on them. `kindsOf` is another folder that holds the kinds, for packs that are kept elsewhere.
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
  // One that does not load may fail because a kind does.
  const needsNone = single && kindsOf === undefined && loaded.some(({ pack }) => !isEstate(pack));
  const { kinds, problems: ofKinds } = needsNone ? { kinds: [], problems: [] } : loadKinds(files);
  problems.push(...ofKinds);
  problems.push(...estateConflicts(loaded, new Map(kinds.map(({ kind }) => [kind.id, kind]))));
  const kindsBeside = kindsOf ?? (single && !needsNone ? join(dirname(resolve(directory)), KINDS) : undefined);
  return { loaded, kinds, kindsBeside, problems, count: packs.length };
}

/** All packs under a directory; undefined when one, or a kind, has a problem: then every problem was printed, once. */
export function soundPacks(
  directory: string,
  print: (line: string) => void,
  kindsOf?: string
): readonly LoadedPack[] | undefined {
  return soundFolder(directory, print, kindsOf)?.packs;
}

/** The same with the kinds beside the packs. */
export function soundFolder(
  directory: string,
  print: (line: string) => void,
  kindsOf?: string
): ({ readonly packs: readonly LoadedPack[] } & Pick<LoadedPacks, 'kinds' | 'kindsBeside'>) | undefined {
  const { loaded, kinds, kindsBeside, problems } = loadPacks(directory, kindsOf);
  if (problems.length > 0) {
    [...new Set(problems.map(formatProblem))].forEach(print);
    return undefined;
  }
  return { packs: loaded, kinds, kindsBeside };
}
