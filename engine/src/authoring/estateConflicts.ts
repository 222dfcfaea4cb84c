/** What estates say of one component that cannot be true together. */
import { declaredEstate } from '../estate/declared';
import type { Kinds } from '../estate/instantiate';
import type { DeclaredValue } from '../model/estate';
import type { LoadedPack } from './loading/loadedPack';
import { byPlace, type Problem } from './problem';
import { valueAt, type Path } from './source';

/** A problem for each conflict between declarations, at the later one and with the place of the earlier one. */
export function estateConflicts(packs: readonly LoadedPack[], kinds: Kinds): Problem[] {
  const byId = new Map(packs.map((loaded) => [loaded.pack.id, loaded]));
  const placeOf = ({ pack, component, value }: DeclaredValue, kind: string, what: string) => {
    const origins = byId.get(pack)?.origins;
    const ofRunbook = what.startsWith('runbook ') ? origins?.get(`runbook ${value}`) : undefined;
    const origin = ofRunbook ?? origins?.get(`component ${component}`) ?? origins?.get('pack');
    if (origin === undefined) {
      throw new Error(`the pack ${pack} has no origin`);
    }
    const { source, path } = origin;
    const below: readonly Path[] =
      ofRunbook === undefined ? [['with', kind, what], ['is', what], ['kinds']] : [['extends']];
    const found = below.find((each) => valueAt(source, [...path, ...each]) !== undefined) ?? [];
    return { file: source.file, ...source.at([...path, ...found]) };
  };
  return declaredEstate(
    packs.map(({ pack }) => pack),
    kinds
  )
    .conflicts.map(({ kind, what, first, second }): Problem => {
      const there = placeOf(first, kind, what);
      return {
        ...placeOf(second, kind, what),
        severity: 'error',
        rule: 'conflict',
        message: `${nameOf(second)} and ${nameOf(first)} are one ${kind}, and differ: ${what} is \`${second.value}\` here and \`${first.value}\` at ${there.file}:${there.line}`,
      };
    })
    .sort(byPlace);
}

function nameOf({ pack, component }: DeclaredValue): string {
  return `\`${pack}/${component}\``;
}
