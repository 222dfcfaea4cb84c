/**
 * Loading the kinds: `kinds/<kind>/kind.yaml` with signals, causes, fixes and runbooks beside it, as a pack has them. A runbook of a
 * kind may name signals of every other kind: a component that is of both has them, and one that is not goes without.
 */
import type { Dialect, Kind } from '../model/estate';
import { assemble, availableIn } from './loading/assemble';
import { Definitions } from './loading/definitions';
import { paramsOf, readKinds, usedParams } from './loading/kindFiles';
import type { LoadedPack } from './loading/loadedPack';
import { kindFolders, type PackFiles } from './loading/packFiles';
import { PackReader } from './loading/packReader';
import { join } from './loading/paths';
import { byPlace, dedupe, type Problem } from './problem';
import type { AuthoredKind } from './schema';
import { readYaml } from './source';

/** A kind, and its pack with the places in which it was written: lint and tests take it like any pack. */
export interface LoadedKind extends LoadedPack {
  readonly kind: Kind;
}

export interface LoadedKinds {
  readonly kinds: readonly LoadedKind[];
  readonly problems: readonly Problem[];
}

/** Compiles every kind in `files`, a map of paths to texts; one with a problem is not among `kinds`. */
export function loadKinds(files: PackFiles): LoadedKinds {
  const problems: Problem[] = [];
  const authored = readKinds(files, problems);
  const kinds = [...authored].flatMap(([dir, value]) => loadKind(files, dir, value, authored, problems) ?? []);
  return { kinds, problems: dedupe(problems).sort(byPlace) };
}

function loadKind(
  files: PackFiles,
  dir: string,
  authored: AuthoredKind,
  all: ReadonlyMap<string, AuthoredKind>,
  problems: Problem[]
): LoadedKind | undefined {
  const found: Problem[] = [];
  const defs = new Definitions(found);
  const reader = new PackReader(files, dir, defs);
  const file = join(dir, 'kind.yaml');
  const source = readYaml(file, files[file] ?? '');
  for (const [name, folder] of kindFolders(files)) {
    if (folder !== dir) {
      reader.readFolder(folder, name);
    }
  }
  const made = assemble(defs, reader, authored, { dir, source, ofKind: true });
  problems.push(...found);
  if (made === undefined || found.length > 0) {
    return undefined;
  }
  const params = { ...usedParams(made.pack, all), ...paramsOf(authored) };
  if (params[authored.identity.scope]?.kind !== 'selector') {
    problems.push({
      ...{ file, ...source.at(['identity', 'scope']), severity: 'error', rule: 'schema' },
      message: `the scope \`${authored.identity.scope}\` has to be a parameter of the kind selector`,
    });
    return undefined;
  }
  const pack = { ...made.pack, params };
  const { id, title, identity, dialects, target, roles } = authored;
  return {
    kind: {
      ...{ id, title, pack, identity, dialects: Object.fromEntries(Object.entries(dialects).map(dialectOf)) },
      ...(target === undefined ? {} : { target }),
      ...(Object.keys(roles).length === 0 ? {} : { roles }),
      signals: made.ownSignals,
    },
    pack,
    origins: defs.origins,
    // What a kind brings is for the packs, too: no signal of it is without use because no runbook of the kind takes it.
    ownSignals: [],
    otherAlerts: [],
    available: availableIn(defs),
  };
}

function dialectOf([id, { identity, ...dialect }]: [string, AuthoredKind['dialects'][string]]): [string, Dialect] {
  return [id, { ...dialect, ...(identity === undefined ? {} : { identity }) }];
}
