/** The kinds on which packs rest: those of the service's version, unless the directory of the packs brings its own. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { PackFiles } from '@live-runbooks/engine/authoring';
import { list, read } from './read';

/** Beside the bundle; in the repository where the data is. */
const FOLDER = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../../../runbooks/kinds' : './kinds', import.meta.url)
);

/** The files with the kinds beside the packs. Where the directory has a kind, all kinds are its own. */
export async function withKinds(files: PackFiles): Promise<PackFiles> {
  const hasOwn = Object.keys(files).some((file) => /(^|\/)kinds\/[^/]+\/kind\.yaml$/.test(file));
  if (hasOwn || !existsSync(FOLDER)) {
    return files;
  }
  const { files: kinds } = await read(FOLDER, await list(FOLDER));
  return { ...Object.fromEntries(Object.entries(kinds).map(([path, text]) => [`kinds/${path}`, text])), ...files };
}
