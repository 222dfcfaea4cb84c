import { loadPack, type LoadedPack, type Problem } from '@live-runbooks/engine/authoring';

import { readPackFolder } from './readPacks';

export interface LoadedPacks {
  readonly loaded: readonly LoadedPack[];
  readonly problems: readonly Problem[];
  readonly count: number;
}

/** Loads all packs under a directory; a pack with a problem is not among `loaded`. */
export function loadPacks(directory: string): LoadedPacks {
  const { files, packs } = readPackFolder(directory);
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
  return { loaded, problems, count: packs.length };
}
