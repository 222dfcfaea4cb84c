/**
 * Loading a pack: files in, a compiled `Pack` or a list of problems out, never half of one. Reading the disk is the
 * caller's; this is pure.
 *
 * A pack is `<dir>/pack.yaml`, `<dir>/signals/*.yaml` and one runbook in every other `<dir>/*.yaml`. What it `uses`
 * are kinds (`kinds/<kind>` beside it) or folders beside it: their `signals/*.yaml`, `causes/*.yaml` (named `<kind>/<id>`)
 * and `fixes/*.yaml`.
 */
import { isEstate } from '../estate/declared';
import { check } from './check';
import { assemble, availableIn } from './loading/assemble';
import { compileEstate, declaresEstate } from './loading/compileEstate';
import { withArrows } from './loading/withArrows';
import { Definitions, type Origin, type Origins } from './loading/definitions';
import type { LoadedPack } from './loading/loadedPack';
import type { PackFiles } from './loading/packFiles';
import { PackReader } from './loading/packReader';
import { join, normalize } from './loading/paths';
import { byPlace, dedupe, type Problem } from './problem';
import { packSchema, type AuthoredPack } from './schema';
import { readYaml, type YamlSource } from './source';

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

/** A pack that picks its series by its own parameters. */
function compileFlat(
  dir: string,
  defs: Definitions,
  reader: PackReader,
  authored: AuthoredPack,
  source: YamlSource
): Pick<LoadedPack, 'pack' | 'ownSignals'> | undefined {
  reader.readShared(authored, source);
  const made = assemble(defs, reader, authored, { dir, source });
  for (const { id, extends: base } of made?.pack.runbooks ?? []) {
    if (base !== undefined) {
      const origin = defs.origins.get(`runbook ${id}`) ?? { source, path: [] };
      defs.fail(
        { ...origin, path: ['extends'] },
        'no-base',
        'only the components of an estate have runbooks of kinds: say under `is` what the components of pack.yaml are'
      );
    }
  }
  return made && { ...made, pack: withArrows(defs, made.pack, authored, source) };
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
  const made = declaresEstate(authored)
    ? compileEstate(files, dir, defs, reader, authored, packSource)
    : compileFlat(dir, defs, reader, authored, packSource);
  if (made === undefined) {
    return undefined;
  }
  // The components of an estate have the runbooks of their kinds.
  if (made.pack.runbooks.length === 0 && !isEstate(made.pack)) {
    defs.fail({ source: packSource, path: [] }, 'no-runbook', `the pack has no runbook: add ${dir}/<runbook>.yaml`);
  }
  return { ...made, origins: defs.origins, otherAlerts: authored.otherAlerts, available: availableIn(defs) };
}
