/**
 * Loading a pack: files in, a compiled `Pack` or a list of problems out, never half of one. Reading the disk is the
 * caller's; this is pure.
 *
 * A pack is `<dir>/pack.yaml`, `<dir>/signals/*.yaml` and one runbook in every other `<dir>/*.yaml`. What it `uses`
 * are kinds (`kinds/<kind>` beside it) or folders beside it: their `signals/*.yaml`, `causes/*.yaml` (named `<kind>/<id>`)
 * and `fixes/*.yaml`.
 */
import { check } from './check';
import { assemble, availableIn } from './loading/assemble';
import { withArrows } from './loading/withArrows';
import { Definitions, type Origin, type Origins } from './loading/definitions';
import type { LoadedPack } from './loading/loadedPack';
import { PackReader, type PackFiles } from './loading/packReader';
import { join, normalize } from './loading/paths';
import { byPlace, dedupe, type Problem } from './problem';
import { packSchema } from './schema';
import { readYaml } from './source';

export type { LoadedPack, Origin, Origins, PackFiles };

export type LoadResult =
  | ({ readonly ok: true; readonly problems: readonly [] } & LoadedPack)
  | { readonly ok: false; readonly problems: readonly Problem[] };

/**
 * Compiles the pack in `packPath` (a folder such as `runbooks/gorax`, or its `pack.yaml`) out of `files`, a map of
 * paths to texts. Answers every problem that it can find at once, each with file, line, column and what is allowed.
 */
export function loadPack(files: PackFiles, packPath: string): LoadResult {
  const dir = normalize(packPath.replace(/\/?pack\.yaml$/, ''));
  const problems: Problem[] = [];
  const loaded = compilePack(files, dir, new Definitions(problems));
  if (problems.length > 0 || loaded === undefined) {
    return { ok: false, problems: dedupe(problems).sort(byPlace) };
  }
  return { ok: true, problems: [], ...loaded };
}

/** The folders in `files` that hold a `pack.yaml`, in order. */
export function findPacks(files: PackFiles): string[] {
  return Object.keys(files)
    .filter((file) => /(^|\/)pack\.yaml$/.test(file))
    .map((file) => file.replace(/\/?pack\.yaml$/, ''))
    .sort();
}

function compilePack(files: PackFiles, dir: string, defs: Definitions): LoadedPack | undefined {
  const reader = new PackReader(files, dir, defs);
  const packFile = join(dir, 'pack.yaml');
  const packText = files[packFile];
  if (packText === undefined) {
    defs.problems.push({
      file: packFile,
      line: 1,
      column: 1,
      severity: 'error',
      rule: 'no-pack',
      message: 'a pack needs a pack.yaml with id, title, description and params',
    });
    return undefined;
  }
  const packSource = readYaml(packFile, packText);
  const authored = check(packSchema, packSource, defs.problems);
  if (authored === undefined) {
    reader.readRunbooks(packFile);
    return undefined;
  }
  defs.origins.set('pack', { source: packSource, path: [] });
  reader.readShared(authored, packSource);
  const assembled = assemble(defs, reader, authored, { dir, source: packSource });
  const made = assembled && { ...assembled, pack: withArrows(defs, assembled.pack, authored, packSource) };
  if (made === undefined) {
    return undefined;
  }
  if (made.pack.runbooks.length === 0) {
    defs.fail({ source: packSource, path: [] }, 'no-runbook', `the pack has no runbook: add ${dir}/<runbook>.yaml`);
  }
  return { ...made, origins: defs.origins, otherAlerts: authored.otherAlerts, available: availableIn(defs) };
}
