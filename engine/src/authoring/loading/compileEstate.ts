/**
 * A pack whose components say what they are in the answers of the sources: an estate. It needs no parameters and no signals, because
 * its components have those of their kinds; its runbooks stand in the place of runbooks of kinds, and say what differs.
 */
import { NO_DIALECT } from '../../estate/identities';
import type { ComponentKind } from '../../model/component';
import type { DeclaredComponent } from '../../model/pack';
import { notAmong } from '../problem';
import type { AuthoredKind, AuthoredPack } from '../schema';
import type { Path, YamlSource } from '../source';
import { assemble } from './assemble';
import { arrowsOf, checkPlaces, componentsOf } from './components';
import type { Definitions } from './definitions';
import { readKinds, usedParams } from './kindFiles';
import type { LoadedPack } from './loadedPack';
import { kindFolders, type PackFiles } from './packFiles';
import type { PackReader } from './packReader';

/** Whether the pack declares components by their identity. */
export function declaresEstate({ components }: Pick<AuthoredPack, 'components'>): boolean {
  return Object.values(components).some(
    ({ is, with: values, kinds }) =>
      is !== undefined || values !== undefined || kinds.some((kind) => 'dialect' in kind && kind.dialect !== undefined)
  );
}

/** Compiles the estate in `dir`. Undefined when there is a problem that leaves names open. */
export function compileEstate(
  files: PackFiles,
  dir: string,
  defs: Definitions,
  reader: PackReader,
  authored: AuthoredPack,
  source: YamlSource
): Pick<LoadedPack, 'pack' | 'ownSignals' | 'estateTests'> | undefined {
  for (const key of ['params', 'uses'] as const) {
    if (Object.keys(authored[key]).length > 0) {
      defs.fail(
        { source, path: [key] },
        'schema',
        `components that say what they are have the parameters and signals of their kinds: write values under \`with\` of a component, and leave \`${key}\` out`
      );
    }
  }
  const kinds = new Map([...readKinds(files, []).values()].map((kind) => [kind.id, kind]));
  if (kinds.size === 0) {
    defs.fail(
      { source, path: ['components'] },
      'unknown-kind',
      'there are no kinds on which its components could rest: put the folder `kinds` beside the pack, or name it (`--kinds` of the command line)'
    );
    return undefined;
  }
  kindFolders(files).forEach((folder, name) => reader.readFolder(folder, name));
  const made = assemble(defs, reader, authored, { dir, source });
  if (made === undefined) {
    return undefined;
  }
  const { pack, ownSignals } = made;
  const components = componentsOf(authored).map((component) => declared(component, authored, kinds, defs, source));
  const arrows = arrowsOf(authored);
  checkPlaces(defs, pack, components, arrows, source);
  for (const { id, of, extends: base, prevention } of pack.runbooks) {
    const origin = defs.origins.get(`runbook ${id}`) ?? { source, path: [] };
    if (prevention.length > 0) {
      defs.fail(
        { ...origin, path: ['prevention'] },
        'schema',
        'alert rules are not generated for components: leave it out'
      );
    }
    const component = components.find((each) => each.id === of);
    if (base === undefined) {
      defs.fail(
        origin,
        'no-base',
        `the runbook \`${id}\` does not say which runbook of a kind it stands in for: add \`extends: kind/runbook\``
      );
    } else if (component !== undefined && !component.kinds.includes(base.kind)) {
      defs.fail(
        { ...origin, path: ['extends'] },
        'no-base',
        `the component \`${component.id}\` is no ${base.kind}; it is ${component.kinds.join(', ') || 'of no kind'}`
      );
    }
  }
  return {
    pack: { ...pack, params: usedParams(pack, kinds), components, arrows, own: ownSignals },
    ownSignals,
    estateTests: reader.readEstateTests(components),
  };
}

/** The component with what it is as each of its kinds. */
function declared(
  component: DeclaredComponent,
  { components }: AuthoredPack,
  kinds: ReadonlyMap<string, AuthoredKind>,
  defs: Definitions,
  source: YamlSource
): DeclaredComponent {
  const { id } = component;
  const { is = {}, with: values = {}, kinds: written = [] } = components[id] ?? {};
  const at = (...path: Path) => ({ source, path: ['components', id, ...path] });
  defs.origins.set(`component ${id}`, at());
  const as = written.flatMap((each, index): ComponentKind[] => {
    const kind = kinds.get(each.kind);
    if (kind === undefined) {
      defs.fail(at('kinds', index), 'unknown-kind', notAmong('the kind', each.kind, [...kinds.keys()]));
      return [];
    }
    const own = values[kind.id] ?? {};
    for (const name of Object.keys(own)) {
      if (!Object.hasOwn(kind.params, name) || name === kind.identity.scope) {
        const known = Object.keys(kind.params).filter((param) => param !== kind.identity.scope);
        defs.fail(at('with', kind.id, name), 'unknown-param', notAmong('the parameter', name, known));
      }
    }
    const dialects = Object.keys(kind.dialects);
    const said = 'dialect' in each ? each.dialect : undefined;
    const dialect = said ?? (dialects.length === 1 ? dialects[0] : undefined);
    const labels = kind.dialects[dialect ?? '']?.identity ?? kind.identity;
    const has = [...labels.labels, ...labels.optional].filter((label) => Object.hasOwn(is, label));
    if (has.length === 0 && own[kind.target?.param ?? ''] !== undefined) {
      // Known to the diagnostics service alone.
      return [{ kind: kind.id, dialect: NO_DIALECT, is: {}, with: own }];
    }
    if (dialect === undefined || !dialects.includes(dialect)) {
      defs.fail(
        at('kinds', index),
        'unknown-dialect',
        dialect === undefined
          ? `say which names ${id} has as ${kind.id}: \`{ kind: ${kind.id}, dialect: … }\`, one of ${dialects.join(', ')}`
          : notAmong('the dialect', dialect, dialects)
      );
      return [];
    }
    const missing = labels.labels.filter((label) => !has.includes(label));
    if (missing.length > 0) {
      defs.fail(
        at('is'),
        'no-identity',
        `a component of the kind ${kind.id} is told apart by ${labels.labels.join(', ')}: \`is\` lacks ${missing.join(', ')}`
      );
      return [];
    }
    return [
      { kind: kind.id, dialect, is: Object.fromEntries(has.map((label) => [label, is[label] ?? ''])), with: own },
    ];
  });
  checkUse(defs, at, component, { is, values }, as);
  return { ...component, as };
}

/** Tells of labels and values that no kind of the component takes: they would be without effect. */
function checkUse(
  defs: Definitions,
  at: (...path: Path) => { readonly source: YamlSource; readonly path: Path },
  { id, kinds }: DeclaredComponent,
  { is, values }: { readonly is: Readonly<Record<string, string>>; readonly values: Readonly<Record<string, unknown>> },
  as: readonly ComponentKind[]
): void {
  const isWhole = as.length === kinds.length;
  for (const label of Object.keys(is)) {
    if (isWhole && !as.some((each) => Object.hasOwn(each.is, label))) {
      defs.fail(at('is', label), 'no-identity', `no kind of \`${id}\` is told apart by the label \`${label}\``);
    }
  }
  for (const kind of Object.keys(values)) {
    if (!kinds.includes(kind)) {
      defs.fail(at('with', kind), 'unknown-kind', notAmong(`the kind of ${id}`, kind, kinds));
    }
  }
}
