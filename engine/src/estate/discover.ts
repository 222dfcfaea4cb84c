/**
 * The estate that nobody wrote down: what answers in Prometheus, and the targets of the diagnostics service. What packs look at is
 * theirs; everything else is a component, not adopted until somebody says that it is.
 */
import { addTo } from '../addTo';
import { compareText } from '../compareText';
import type { Arrow } from '../model/arrow';
import type { Claims, ComponentSettings, DiscoveredEstate, EstateSettings, ServiceTarget } from '../model/discovery';
import type { Component, ComponentKind } from '../model/component';
import type { Kind } from '../model/estate';
import type { Reading } from '../model/outcome';
import type { PlannedQuery } from '../model/plan';
import { baseOf, candidatesOf, discoveryQueryId, type Candidate } from './candidates';
import { isClaimed } from './claims';
import { componentIds } from './componentIds';
import { labelsOf } from './identityLabels';
import { CALL_MEASURES, measuredArrows } from './measured';
import { linksByLabels, mergeCandidates } from './merge';

/** The dialect of a component that only the diagnostics service knows: no series of it was found. */
export const NO_DIALECT = 'diagnostics';

/** One instant query for each kind and dialect, and those that measure who calls whom. */
export function discoveryQueries(kinds: readonly Kind[]): PlannedQuery[] {
  const asked = kinds.flatMap((kind) =>
    Object.entries(kind.dialects).map(([id, dialect]) => {
      const { labels, optional } = labelsOf(kind, id);
      return {
        id: discoveryQueryId(kind.id, id),
        expr: dialect.discover.replaceAll(/\{\{\s*by\s*\}\}/g, [...labels, ...optional].join(', ')),
      };
    })
  );
  return [...asked, ...CALL_MEASURES].map(({ id, expr }) => ({ id, source: 'prometheus', expr, cost: 1, signals: [] }));
}

/** A component in the making: what was found of it, and what is known of it without. */
interface Found {
  readonly parts: readonly Candidate[];
  readonly kinds: readonly ComponentKind[];
  readonly name: readonly string[];
  /** Where it is not the name. */
  readonly title?: string;
  readonly is: Readonly<Record<string, string>>;
}

/**
 * @param answers by the ids of `discoveryQueries`; one that failed gives nothing, which the caller has to say
 * @param targets of the diagnostics service
 * @param settings what people said, by the ids that this function gave before; undefined where that is not known
 */
export function discover(
  kinds: readonly Kind[],
  answers: ReadonlyMap<string, Reading>,
  targets: readonly ServiceTarget[],
  claimed: Claims,
  settings: EstateSettings | undefined
): DiscoveredEstate {
  const seen = mergeCandidates(unclaimed(candidatesOf(kinds, answers), claimed)).map(foundOf);
  const found = withTargets(
    seen,
    kinds,
    targets.filter(({ id }) => !claimed.targets.has(id))
  );
  const said = settings?.components ?? {};
  const { ids, gone } = idsOf(found, adopted(said, kinds), claimed.ids);
  const all = [...found.map((one) => ({ ...one, id: ids.get(one) ?? '' })), ...gone]
    .sort((a, b) => compareText(a.id, b.id))
    .map((one) => [toComponent(one, said[one.id] ?? {}, settings !== undefined), one.parts] as const);
  const shown = all.filter(([{ id }]) => said[id]?.hide !== true);
  const names = new Map(
    shown.map(([component, parts]) => [component, new Set([...parts.map(baseOf), ...targetsOf(component, kinds)])])
  );
  const components = shown.map(([component]) => component);
  return {
    components,
    arrows: arrowsOf(components, said, measuredArrows(names, answers)),
    hidden: all.flatMap(([component]) => (said[component.id]?.hide === true ? [component] : [])),
  };
}

/** Ids of the targets of the diagnostics service that the component is: a name that people gave it. */
function targetsOf(component: Component, kinds: readonly Kind[]): string[] {
  return component.kinds.flatMap((as) => {
    const param = kinds.find(({ id }) => id === as.kind)?.target?.param;
    return (param === undefined ? undefined : as.with[param]) ?? [];
  });
}

/** Without what packs pick, and without what is the same thing by its labels. */
function unclaimed(candidates: readonly Candidate[], claims: Claims): Candidate[] {
  const claimed = new Set(candidates.filter((candidate) => isClaimed(candidate, claims)));
  const links = linksByLabels(candidates);
  return candidates.filter(
    (candidate) => !claimed.has(candidate) && ![...(links.get(candidate) ?? [])].some((other) => claimed.has(other))
  );
}

function foundOf(parts: readonly Candidate[]): Found {
  return {
    parts,
    kinds: parts.map(({ kind, dialect, is }) => ({ kind: kind.id, dialect, is, with: {} })),
    // The one that says most about where it is.
    name: parts.map(({ name }) => name).reduce((best, name) => (name.length > best.length ? name : best)),
    is: Object.assign({}, ...[...parts].reverse().map(({ is }) => is)) as Record<string, string>,
  };
}

/** Gives each target to the one component that it can be of, or makes a component of it. */
function withTargets(found: readonly Found[], kinds: readonly Kind[], targets: readonly ServiceTarget[]): Found[] {
  const given = new Map<Found, Map<string, string>>();
  const own: Found[] = [];
  for (const kind of kinds) {
    const open = targets.filter((target) => target.kind === kind.target?.kind);
    const ofKind = found.filter((one) => one.kinds.some((as) => as.kind === kind.id));
    const byName = certainPairs(open, ofKind, isNamedAs);
    const left = open.filter((target) => !byName.has(target));
    const free = ofKind.filter((one) => ![...byName.values()].includes(one));
    const [target, anotherTarget] = left;
    const [only, another] = free;
    const isOnly = target !== undefined && only !== undefined && anotherTarget === undefined && another === undefined;
    const pairs = isOnly ? new Map([...byName, [target, only]]) : byName;
    for (const each of open) {
      const component = pairs.get(each);
      const withTarget = { [kind.target?.param ?? '']: each.id };
      if (component === undefined) {
        const as = { kind: kind.id, dialect: NO_DIALECT, is: {}, with: withTarget };
        own.push({ parts: [], kinds: [as], name: [each.id], title: each.title, is: {} });
      } else {
        given.set(component, (given.get(component) ?? new Map<string, string>()).set(kind.id, each.id));
      }
    }
  }
  const params = new Map(kinds.map(({ id, target }) => [id, target?.param]));
  return [
    ...found.map((one) => ({
      ...one,
      kinds: one.kinds.map((as) => {
        const target = given.get(one)?.get(as.kind);
        const param = params.get(as.kind);
        return target === undefined || param === undefined ? as : { ...as, with: { [param]: target } };
      }),
    })),
    ...own,
  ];
}

/** The pairs of which each is the only one that fits the other. */
function certainPairs<A, B>(as: readonly A[], bs: readonly B[], fits: (a: A, b: B) => boolean): Map<A, B> {
  const pairs = as.flatMap((a) => bs.filter((b) => fits(a, b)).map((b) => [a, b] as const));
  const byFirst = new Map<A, B[]>();
  const bySecond = new Map<B, A[]>();
  pairs.forEach(([a, b]) => {
    addTo(byFirst, a, b);
    addTo(bySecond, b, a);
  });
  return new Map(pairs.filter(([a, b]) => byFirst.get(a)?.length === 1 && bySecond.get(b)?.length === 1));
}

/** The target has the component's name, or that of the host of its series. */
function isNamedAs({ id, title }: ServiceTarget, { parts, is }: Found): boolean {
  const host = is.instance?.replace(/:\d+$/, '');
  return [id, title].some((text) => text === host || parts.some((part) => baseOf(part) === text));
}

/** What was adopted, as what it was then; a kind that is no more is left out. */
function adopted(
  said: Readonly<Record<string, ComponentSettings>>,
  kinds: readonly Kind[]
): Map<string, ComponentKind[]> {
  const known = new Set(kinds.map(({ id }) => id));
  return new Map(
    Object.entries(said)
      .map(([id, one]) => [id, (one.kinds ?? []).filter(({ kind }) => known.has(kind))] as const)
      .filter(([, were]) => were.length > 0)
      .map(([id, were]) => [id, were.map((as) => ({ with: {}, ...as }))])
  );
}

/** The ids of what was found, and what was adopted and is not found any more. What was adopted keeps its id. */
function idsOf(
  found: readonly Found[],
  were: ReadonlyMap<string, readonly ComponentKind[]>,
  taken: ReadonlySet<string>
): { readonly ids: ReadonlyMap<Found, string>; readonly gone: ReadonlyArray<Found & { readonly id: string }> } {
  const byIdentity = new Map(found.flatMap((one) => one.kinds.map((as) => [identityOf(as), one] as const)));
  const ids = new Map<Found, string>();
  const gone: Array<Found & { readonly id: string }> = [];
  for (const [id, kinds] of were) {
    if (!taken.has(id)) {
      const one = kinds.map((as) => byIdentity.get(identityOf(as))).find((each) => each !== undefined);
      if (one === undefined) {
        gone.push({ id, parts: [], kinds, name: [id], is: {} });
      } else if (!ids.has(one)) {
        ids.set(one, id);
      }
    }
  }
  const used = new Set([...taken, ...ids.values(), ...gone.map(({ id }) => id)]);
  const rest = found.filter((one) => !ids.has(one));
  return { ids: new Map([...ids, ...componentIds(rest, used)]), gone };
}

/** Equal for one kind of one component. A target of the service has no labels: its parameter tells it apart. */
function identityOf({ kind, is, with: values }: ComponentKind): string {
  const labels = Object.entries(is).sort();
  return JSON.stringify([kind, labels.length > 0 ? labels : Object.entries(values).sort()]);
}

function toComponent(
  { id, kinds, name, title }: Found & { readonly id: string },
  said: ComponentSettings,
  isKnown: boolean
): Component {
  const isDeclared = (said.kinds ?? []).length > 0;
  return {
    id,
    title: said.title ?? title ?? name.join('/'),
    origin: isDeclared ? 'declared' : 'discovered',
    adopted: isKnown ? said.adopt === true : undefined,
    kinds: kinds.map((as) => ({ ...as, with: { ...as.with, ...said.with?.[as.kind] } })),
  };
}

/** Declared arrows before measured ones, each pair once; what points to nothing that is known is left out. */
function arrowsOf(
  components: readonly Component[],
  said: Readonly<Record<string, ComponentSettings>>,
  measured: readonly Arrow[]
): Arrow[] {
  const known = new Set(components.map(({ id }) => id));
  const declared = components.flatMap(({ id }) =>
    (said[id]?.dependsOn ?? []).map((to): Arrow => ({ from: id, to, origin: 'declared' }))
  );
  const byEnds = new Map<string, Arrow>();
  for (const arrow of [...declared, ...measured]) {
    const ends = JSON.stringify([arrow.from, arrow.to]);
    if (arrow.from !== arrow.to && known.has(arrow.from) && known.has(arrow.to)) {
      // What is declared stands; the name of the client is only known where it was measured.
      byEnds.set(ends, { ...arrow, ...byEnds.get(ends) });
    }
  }
  return [...byEnds.values()].sort((a, b) => compareText(a.from, b.from) || compareText(a.to, b.to));
}
