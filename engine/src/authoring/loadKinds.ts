/**
 * Loading the kinds: `kinds/<kind>/kind.yaml` with signals, causes, fixes and runbooks beside it, as a pack has them. A runbook of a
 * kind may name signals of every other kind: a component that is of both has them, and one that is not goes without.
 */
import type { Dialect, Kind } from '../model/estate';
import type { Pack, Param } from '../model/pack';
import { check } from './check';
import { assemble, availableIn } from './loading/assemble';
import { compileParam } from './loading/compileParts';
import { Definitions } from './loading/definitions';
import type { LoadedPack } from './loading/loadedPack';
import { KINDS, PackReader, type PackFiles } from './loading/packReader';
import { join } from './loading/paths';
import { byPlace, dedupe, type Problem } from './problem';
import { kindSchema, type AuthoredKind } from './schema';
import { readYaml } from './source';
import { usesParam } from './usesParam';

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
  const dirs = Object.keys(files)
    .filter((file) => new RegExp(`(^|/)${KINDS}/[^/]+/kind\\.yaml$`).test(file))
    .map((file) => file.replace(/\/kind\.yaml$/, ''))
    .sort();
  const authored = new Map<string, AuthoredKind>();
  for (const dir of dirs) {
    const file = join(dir, 'kind.yaml');
    const value = check(kindSchema, readYaml(file, files[file] ?? ''), problems);
    if (value !== undefined) {
      authored.set(dir, value);
    }
  }
  const kinds = dirs.flatMap((dir) => {
    const value = authored.get(dir);
    return value === undefined ? [] : (loadKind(files, dir, value, authored, problems) ?? []);
  });
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
  const parent = dir.slice(0, dir.lastIndexOf('/'));
  for (const other of otherFolders(files, parent, dir)) {
    reader.readFolder(join(parent, other), other);
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
  const { id, title, identity, dialects, target } = authored;
  return {
    kind: {
      ...{ id, title, pack, identity, dialects: Object.fromEntries(Object.entries(dialects).map(dialectOf)) },
      ...(target === undefined ? {} : { target }),
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

/** The parameters of a kind; its scope knows the labels that tell components apart. */
function paramsOf({ params, identity }: AuthoredKind): Record<string, Param> {
  return Object.fromEntries(
    Object.entries(params).map(([name, param]) => [
      name,
      name === identity.scope
        ? { ...compileParam(param), identity: [...identity.labels, ...identity.optional] }
        : compileParam(param),
    ])
  );
}

/** The parameters of all kinds that the signals and fixes of one name. */
function usedParams({ signals, runbooks }: Pack, all: ReadonlyMap<string, AuthoredKind>): Record<string, Param> {
  const texts = JSON.stringify([signals, runbooks]);
  const params = [...all.values()].flatMap((kind) => Object.entries(paramsOf(kind)));
  return Object.fromEntries(params.filter(([name]) => usesParam(texts, name)));
}

/** Names of the folders of the other kinds. */
function otherFolders(files: PackFiles, parent: string, dir: string): string[] {
  const names = Object.keys(files).flatMap((file) =>
    file.startsWith(`${parent}/`) ? [file.slice(parent.length + 1).split('/')[0] ?? ''] : []
  );
  return [...new Set(names)].filter((name) => join(parent, name) !== dir).sort();
}
