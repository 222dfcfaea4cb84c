/** The kinds as their authors wrote them, for whoever compiles something that rests on them. */
import type { Pack, Param } from '../../model/pack';
import { check } from '../check';
import type { Problem } from '../problem';
import { kindSchema, type AuthoredKind } from '../schema';
import { readYaml } from '../source';
import { usesParam } from '../usesParam';
import { compileParam } from './compileParts';
import { kindFolders, type PackFiles } from './packFiles';
import { join } from './paths';

/** Every `kind.yaml`, by its folder; one with a problem is not among them. */
export function readKinds(files: PackFiles, problems: Problem[]): Map<string, AuthoredKind> {
  return new Map(
    [...kindFolders(files).values()].flatMap((folder) => {
      const file = join(folder, 'kind.yaml');
      const text = files[file];
      const value = text === undefined ? undefined : check(kindSchema, readYaml(file, text), problems);
      return value === undefined ? [] : [[folder, value] as const];
    })
  );
}

/** The parameters of a kind; its scope knows the labels that tell components apart. */
export function paramsOf({ params, identity }: AuthoredKind): Record<string, Param> {
  return Object.fromEntries(
    Object.entries(params).map(([name, param]) => [
      name,
      name === identity.scope
        ? { ...compileParam(param), identity: [...identity.labels, ...identity.optional] }
        : compileParam(param),
    ])
  );
}

/** The parameters of all kinds that the signals and fixes of a pack name. */
export function usedParams({ signals, runbooks }: Pack, all: ReadonlyMap<string, AuthoredKind>): Record<string, Param> {
  const texts = JSON.stringify([signals, runbooks]);
  const params = [...all.values()].flatMap((kind) => Object.entries(paramsOf(kind)));
  return Object.fromEntries(params.filter(([name]) => usesParam(texts, name)));
}
