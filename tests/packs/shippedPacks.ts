/** The packs and kinds of `runbooks/`, loaded once. Errors, at the import: what is wrong with them, by file and line. */
import type { Kind, Pack } from '@live-runbooks/engine';

import { soundFolder } from '../../cli/src/loadPacks';

const said: string[] = [];
const loaded = soundFolder('runbooks', (line) => said.push(line));
if (loaded === undefined) {
  throw new Error(said.join('\n'));
}

export const SHIPPED_PACKS: readonly Pack[] = loaded.packs.map(({ pack }) => pack);

/** By id. */
export const SHIPPED_KINDS: ReadonlyMap<string, Kind> = new Map(loaded.kinds.map(({ kind }) => [kind.id, kind]));
