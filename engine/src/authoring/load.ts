/**
 * Loading a pack: files in, a compiled `Pack` or a list of problems out, never half of one. Reading the disk is the
 * caller's; this is pure.
 *
 * A pack is `<dir>/pack.yaml`, `<dir>/signals/*.yaml` and one runbook in every other `<dir>/*.yaml`. What it `uses`
 * are folders beside it: their `signals/*.yaml`, `causes/*.yaml` (named `common/<id>`) and `fixes/*.yaml`.
 */
import type { Pack } from '../model/pack';
import { check } from './check';
import { compileParam } from './loading/compileParts';
import { compileRunbook } from './loading/compileRunbook';
import { Definitions, type Origin, type Origins } from './loading/definitions';
import { PackReader, type PackFiles } from './loading/packReader';
import { join, normalize } from './loading/paths';
import { usedSignals } from './loading/usedSignals';
import { byPlace, type Problem } from './problem';
import { packSchema } from './schema';
import { readYaml } from './source';

export type { Origin, Origins, PackFiles };

export interface LoadedPack {
  readonly pack: Pack;
  readonly origins: Origins;
  /** Ids of the signals written in the pack's own folder (shared ones are listed only where they are used). */
  readonly ownSignals: readonly string[];
  /** Alerts that open runbooks of this pack and are defined elsewhere. */
  readonly otherAlerts: readonly string[];
  /** Everything that the pack could use: signals, and causes by name (`common/<id>`). */
  readonly available: { readonly signals: readonly string[]; readonly causes: readonly string[] };
}

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
  for (const name of Object.keys(authored.params)) {
    defs.origins.set(`param ${name}`, { source: packSource, path: ['params', name] });
  }
  reader.readShared(authored, packSource);
  const ownSignals = reader.readSignals(join(dir, 'signals'));
  reader.readCauses(join(dir, 'causes'), authored.id);
  reader.readFixes(join(dir, 'fixes'));
  const authoredRunbooks = reader.readRunbooks(packFile);
  if (defs.problems.length > 0) {
    return undefined;
  }
  const runbooks = authoredRunbooks.map(({ value, origin }) => compileRunbook(defs, authored.id, value, origin));
  const seen = new Map<string, Origin>();
  for (const { value, origin } of authoredRunbooks) {
    if (seen.has(value.id)) {
      defs.fail(
        { source: origin.source, path: ['id'] },
        'duplicate',
        `the runbook \`${value.id}\` is already defined in ${seen.get(value.id)?.source.file}`
      );
    }
    seen.set(value.id, origin);
  }
  if (runbooks.length === 0) {
    defs.fail({ source: packSource, path: [] }, 'no-runbook', `the pack has no runbook: add ${dir}/<runbook>.yaml`);
  }
  const pack: Pack = {
    id: authored.id,
    title: authored.title,
    description: authored.description,
    format: 1,
    params: Object.fromEntries(Object.entries(authored.params).map(([name, param]) => [name, compileParam(param)])),
    signals: usedSignals(defs, runbooks, ownSignals),
    runbooks,
  };
  const available = { signals: [...defs.signals.keys()], causes: [...defs.causes.keys()] };
  return { pack, origins: defs.origins, ownSignals, otherAlerts: authored.otherAlerts, available };
}

function dedupe(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  return problems.filter((problem) => {
    const key = `${problem.file}:${problem.line}:${problem.column}:${problem.message}`;
    return seen.has(key) ? false : (seen.add(key), true);
  });
}
