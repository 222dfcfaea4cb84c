import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';

import { findPacks, type PackFiles } from '@live-runbooks/engine/authoring';

export interface PackFolder {
  /** Texts of all YAML files, by their path relative to the working directory. */
  readonly files: PackFiles;
  /** Folders that hold a pack.yaml, as keys of `files` are written. */
  readonly packs: readonly string[];
  /** One pack was asked for, not a folder of them. */
  readonly single: boolean;
}

/**
 * Reads every YAML file under `directory` (a folder of packs, or one pack; then its siblings are read too, for what it
 * uses). Throws an Error that says what to do when there is no pack.
 */
export function readPackFolder(directory: string): PackFolder {
  const given = resolve(directory);
  if (!statSync(given, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Error(
      `${directory} is no folder: name the folder that holds the packs (such as \`runbooks\`) or one pack`
    );
  }
  const single = readdirSync(given).includes('pack.yaml');
  const root = single ? dirname(given) : given;
  const files: Record<string, string> = {};
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (entry.isFile() && /\.ya?ml$/.test(entry.name)) {
      const path = join(entry.parentPath, entry.name);
      files[relative(process.cwd(), path) || basename(path)] = readFileSync(path, 'utf8');
    }
  }
  const here = relative(process.cwd(), given);
  const packs = findPacks(files).filter((pack) => !single || pack === here);
  if (packs.length === 0) {
    throw new Error(`${directory} holds no pack: a pack is a folder with a pack.yaml`);
  }
  return { files, packs, single };
}
