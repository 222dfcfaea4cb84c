/**
 * From files to packs. What was good stays: a pack whose files are broken now is served as it was, and reported. Only a
 * folder that is gone takes its pack with it.
 */
import { createHash } from 'node:crypto';
import type { Pack } from '@live-runbooks/engine';
import { findPacks, type PackFiles, type Problem } from '@live-runbooks/engine/authoring';
import { type Compiled, type Compiler, NotCompiled } from './compiler';

export interface ServedPack {
  /** Folder of the pack, relative to the configured directory; `` for the directory itself. */
  readonly folder: string;
  readonly pack: Pack;
  /** The file of each runbook, relative to the configured directory, by the runbook's id. */
  readonly files: Readonly<Record<string, string>>;
  /** Of the compiled pack: equal while nothing in it changed. */
  readonly hash: string;
  /** When this version was compiled first, ms since the epoch. */
  readonly loadedAt: number;
  /** True when the files are broken now and this is the last good version. */
  readonly stale: boolean;
}

export interface Library {
  readonly packs: readonly ServedPack[];
  readonly problems: readonly Problem[];
}

export const EMPTY: Library = { packs: [], problems: [] };

/** The library after reading `files` at `now`. `unread` are problems of reading the files themselves. */
export async function reload(
  before: Library,
  files: PackFiles,
  unread: readonly Problem[],
  now: number,
  compiler: Compiler
): Promise<Library> {
  const known = new Map(before.packs.map((served) => [served.folder, served]));
  const packs: ServedPack[] = [];
  const problems: Problem[] = [...unread];
  const owner = new Map<string, string>();
  const folders = findPacks(files);
  for (const folder of folders) {
    const last = known.get(folder);
    const loaded = await load(compiler, folder);
    let served: ServedPack | undefined;
    if (loaded.ok) {
      const hash = hashOf(loaded.pack);
      const loadedAt = last?.hash === hash ? last.loadedAt : now;
      served = { folder, pack: loaded.pack, files: loaded.files, hash, loadedAt, stale: false };
    } else {
      problems.push(...loaded.problems);
      served = last === undefined ? undefined : { ...last, stale: true };
    }
    if (served === undefined) {
      continue;
    }
    const other = owner.get(served.pack.id);
    if (other !== undefined) {
      problems.push(
        problemAt(
          packFile(folder),
          'duplicate-pack',
          `the pack \`${served.pack.id}\` is in ${other === '' ? 'the directory itself' : other} too: each id once`
        )
      );
      continue;
    }
    owner.set(served.pack.id, folder);
    packs.push(served);
  }
  if (unread.length > 0) {
    // A file that cannot be read may be the `pack.yaml` that is missing: its pack is not gone, it is broken.
    const missing = before.packs.filter(({ folder, pack }) => !folders.includes(folder) && !owner.has(pack.id));
    packs.push(...missing.map((served) => ({ ...served, stale: true })));
  }
  return { packs, problems };
}

/** The rule of a pack that is not known to be wrong: there was no time or memory to compile it. */
const NOT_COMPILED = 'not-compiled';

/** Whether a pack of the same files may be compiled the next time. */
export function isWorthAnotherTry({ problems }: Library): boolean {
  return problems.some(({ rule }) => rule === NOT_COMPILED);
}

async function load(compiler: Compiler, folder: string): Promise<Compiled> {
  try {
    return await compiler.compile(folder);
  } catch (error) {
    if (error instanceof NotCompiled) {
      return { ok: false, problems: [problemAt(packFile(folder), NOT_COMPILED, error.message)] };
    }
    throw error;
  }
}

export const problemAt = (file: string, rule: string, message: string): Problem => ({
  file,
  line: 1,
  column: 1,
  severity: 'error',
  rule,
  message,
});

const packFile = (folder: string): string => (folder === '' ? 'pack.yaml' : `${folder}/pack.yaml`);
const hashOf = (pack: Pack): string =>
  createHash('sha256').update(JSON.stringify(pack)).digest('base64url').slice(0, 16);
