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
 * uses). `kindsOf` is a folder of kinds that is read beside it. Throws an Error that says what to do when there is no pack.
 */
export function readPackFolder(directory: string, kindsOf?: string): PackFolder {
  const given = folderAt(directory, 'the packs (such as `runbooks`) or one pack');
  const single = readdirSync(given).includes('pack.yaml');
  const files = textsOf(single ? dirname(given) : given);
  const here = relative(process.cwd(), given);
  const packs = findPacks(files).filter((pack) => !single || pack === here);
  if (kindsOf !== undefined) {
    Object.assign(files, textsOf(folderAt(kindsOf, 'the kinds (such as `runbooks/kinds`)')));
  }
  if (packs.length === 0) {
    throw new Error(`${directory} holds no pack: a pack is a folder with a pack.yaml`);
  }
  return { files, packs, single };
}

function folderAt(directory: string, what: string): string {
  const given = resolve(directory);
  if (!statSync(given, { throwIfNoEntry: false })?.isDirectory()) {
    throw new Error(`${directory} is no folder: name the folder that holds ${what}`);
  }
  return given;
}

/** All YAML files under a folder, by their path relative to the working directory. */
function textsOf(root: string): Record<string, string> {
  const files: Record<string, string> = {};
  for (const entry of readdirSync(root, { recursive: true, withFileTypes: true })) {
    if (entry.isFile() && /\.ya?ml$/.test(entry.name)) {
      const path = join(entry.parentPath, entry.name);
      files[relative(process.cwd(), path) || basename(path)] = readFileSync(path, 'utf8');
    }
  }
  return files;
}
