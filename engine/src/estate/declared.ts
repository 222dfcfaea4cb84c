/**
 * The estate that packs declare. A declaration says what a component is in the answers of the sources; where two say the same, in one
 * pack or in several, they mean one component, which is evaluated once and has the arrows of both.
 */
import { addTo } from '../addTo';
import { compiled } from '../compiled/compiled';
import type { Arrow } from '../model/arrow';
import type { Component, ComponentKind, Declarer } from '../model/component';
import type { DeclaredEstate, DeclaredValue, EstateConflict, Extension } from '../model/estate';
import type { Pack } from '../model/pack';
import { identitiesOf, NO_DIALECT } from './identities';
import type { Kinds } from './instantiate';

/** Whether the components of a pack are evaluated, and not the pack itself. */
export function isEstate({ components = [] }: Pack): boolean {
  return components.some(({ as }) => as !== undefined);
}

/** One declaration of a component. */
interface Declaration {
  readonly pack: string;
  readonly packTitle: string;
  readonly component: string;
  readonly title: string;
  readonly as: readonly ComponentKind[];
}

/** The components and arrows of the packs that are estates. The first of several declarations gives a component its id and title. */
export function declaredEstate(packs: readonly Pack[], kinds: Kinds): DeclaredEstate {
  const estates = packs.filter(isEstate);
  const conflicts: EstateConflict[] = [];
  const names = new Map<string, string>();
  const components = estates
    .flatMap(declarationsOf)
    .reduce((groups, declaration) => joined(groups, declaration, kinds), [] as readonly Group[])
    .map(({ declarations }) => componentOf(declarations, conflicts))
    .map(({ component, declarations }) => {
      declarations.forEach((each) => names.set(nameOf(each), component.id));
      return component;
    });
  return {
    components,
    arrows: arrowsOf(estates, names),
    extensions: extensionsOf(estates, names, conflicts),
    names,
    conflicts,
  };
}

const nameOf = ({ pack, component }: Pick<Declaration, 'pack' | 'component'>) => `${pack}/${component}`;

function declarationsOf({ id: pack, title: packTitle, components = [] }: Pack): Declaration[] {
  return components.map(({ id, title, as = [] }) => ({ pack, packTitle, component: id, title, as }));
}

interface Group {
  readonly declarations: readonly Declaration[];
  readonly identities: ReadonlySet<string>;
}

/** The groups with one declaration more: in a group of its own, or in the one that is made of all those with one of its identities. */
function joined(groups: readonly Group[], declaration: Declaration, kinds: Kinds): readonly Group[] {
  const identities = declaration.as.flatMap((as) => identitiesOf(as, kinds));
  const same = groups.filter((group) => identities.some((identity) => group.identities.has(identity)));
  const group = {
    declarations: [...same.flatMap(({ declarations }) => declarations), declaration],
    identities: new Set([...same.flatMap((each) => [...each.identities]), ...identities]),
  };
  const [first] = same;
  return first === undefined
    ? [...groups, group]
    : groups.flatMap((each) => (each === first ? [group] : same.includes(each) ? [] : [each]));
}

function componentOf(
  declarations: readonly Declaration[],
  conflicts: EstateConflict[]
): { readonly component: Component; readonly declarations: readonly Declaration[] } {
  const byKind = new Map<string, Array<readonly [Declaration, ComponentKind]>>();
  declarations.forEach((each) => each.as.forEach((as) => addTo(byKind, as.kind, [each, as] as const)));
  const kinds = [...byKind].map(([kind, said]): ComponentKind => {
    const agree = (valuesOf: (as: ComponentKind) => Readonly<Record<string, string>>) =>
      agreed(
        said.map(([declaration, as]) => [declaration, valuesOf(as)] as const),
        (what, first, second) => conflicts.push({ kind, what, first, second })
      );
    return {
      kind,
      // Without series there is nothing to say of their names.
      dialect:
        agree(({ dialect }): Readonly<Record<string, string>> => (dialect === NO_DIALECT ? {} : { dialect }))[
          'dialect'
        ] ?? NO_DIALECT,
      is: agree(({ is }) => is),
      with: agree((as) => as.with),
    };
  });
  const [first] = declarations;
  const id = first === undefined ? '' : `${first.pack}.${first.component}`;
  const title = first?.title ?? id;
  return {
    component: { id, title, origin: 'declared', adopted: true, kinds, declaredBy: declarersOf(declarations) },
    declarations,
  };
}

/** Each pack once. */
function declarersOf(declarations: readonly Declaration[]): Declarer[] {
  return [...new Map(declarations.map(({ pack, packTitle }) => [pack, packTitle]))].map(([id, title]) => ({
    id,
    title,
  }));
}

/** The values that all of them say; where two say different things the first stands, and `conflict` is told. */
function agreed(
  said: ReadonlyArray<readonly [Declaration, Readonly<Record<string, string>>]>,
  conflict: (name: string, first: DeclaredValue, second: DeclaredValue) => void
): Record<string, string> {
  const found = new Map<string, DeclaredValue>();
  for (const [{ pack, component }, values] of said) {
    for (const [name, value] of Object.entries(values)) {
      const first = found.get(name);
      if (first === undefined) {
        found.set(name, { pack, component, value });
      } else if (first.value !== value) {
        conflict(name, first, { pack, component, value });
      }
    }
  }
  return Object.fromEntries([...found].map(([name, { value }]) => [name, value]));
}

/** Each pair of ends once. What one of two declarations lets travel, travels. */
function arrowsOf(estates: readonly Pack[], names: ReadonlyMap<string, string>): Arrow[] {
  const byEnds = new Map<string, Arrow>();
  for (const { id: pack, arrows = [] } of estates) {
    for (const { from, to, ...rest } of arrows) {
      const ends = [from, to].map((component) => names.get(nameOf({ pack, component })) ?? component);
      const arrow: Arrow = { ...rest, from: ends[0] ?? from, to: ends[1] ?? to };
      const key = JSON.stringify([arrow.from, arrow.to, arrow.drains === true]);
      const known = byEnds.get(key);
      byEnds.set(key, known === undefined ? arrow : both(known, arrow));
    }
  }
  return [...byEnds.values()].filter(({ from, to }) => from !== to);
}

function both(first: Arrow, second: Arrow): Arrow {
  const { carries, ...all } = { ...second, ...first };
  return first.carries === undefined || second.carries === undefined
    ? all
    : { ...all, carries: [...new Set([...(carries ?? []), ...second.carries])] };
}

function extensionsOf(
  estates: readonly Pack[],
  names: ReadonlyMap<string, string>,
  conflicts: EstateConflict[]
): Map<string, Extension[]> {
  const found = new Map<string, Extension[]>();
  const by = new Map<Extension, DeclaredValue>();
  for (const pack of estates) {
    for (const runbook of pack.runbooks) {
      const { extends: base, of: component = '' } = runbook;
      const id = names.get(nameOf({ pack: pack.id, component }));
      if (base !== undefined && id !== undefined) {
        const { kind, runbook: replaces } = base;
        const extension = { kind, replaces, runbook, signals: ownSignals(pack, runbook.id) };
        const said = { pack: pack.id, component, value: runbook.id };
        const known = found.get(id)?.find((each) => each.kind === kind && each.replaces === replaces);
        const first = known && by.get(known);
        if (first === undefined) {
          addTo(found, id, extension);
          by.set(extension, said);
        } else {
          conflicts.push({ kind, what: `runbook ${replaces}`, first, second: said });
        }
      }
    }
  }
  return found;
}

/** The signals of the pack's own that the runbook asks. */
function ownSignals(pack: Pack, runbook: string): Extension['signals'] {
  const asks = compiled(pack).runbooks.get(runbook)?.asks ?? [];
  return asks.flatMap((id) => (pack.own?.includes(id) === true ? (pack.signals[id] ?? []) : []));
}
