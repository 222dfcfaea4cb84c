/**
 * The estate as it is: what packs declare, what answers in Prometheus, and the targets of the diagnostics service. What packs pick by
 * their own parameters is theirs; what is not declared is a component too, not adopted until somebody says that it is.
 */
import { compareText } from '../compareText';
import type { Arrow } from '../model/arrow';
import type { Claims, ComponentSettings, DiscoveredEstate, EstateSettings, ServiceTarget } from '../model/discovery';
import type { Component, ComponentKind } from '../model/component';
import type { DeclaredEstate, Kind } from '../model/estate';
import type { Reading } from '../model/outcome';
import type { PlannedQuery } from '../model/plan';
import { baseOf, candidatesOf, discoveryQueryId, type Candidate } from './candidates';
import { isClaimed } from './claims';
import { componentIds } from './componentIds';
import type { Found } from './found';
import { labelsOf } from './identityLabels';
import { CALL_MEASURES, measuredArrows } from './measured';
import { linksByLabels, mergeCandidates } from './merge';
import { ownersOf, recognise, type Owners } from './recognise';
import { adopted, adoptedAliases, saidOf, type Said } from './said';
import { targetsOf, withTargets } from './targets';
import { unseenKinds } from './unseen';

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

/** What packs declare; the conflicts are for the caller to say. */
type Declared = Pick<DeclaredEstate, 'components' | 'arrows' | 'names'>;

const NOTHING_DECLARED: Declared = { components: [], arrows: [], names: new Map() };

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
  settings: EstateSettings | undefined,
  declared: Declared = NOTHING_DECLARED
): DiscoveredEstate {
  const byId = new Map(kinds.map((kind) => [kind.id, kind]));
  const ownerOf = ownersOf(declared.components, byId);
  const candidates = candidatesOf(kinds, answers, (candidate) => ownerOf(candidate) !== undefined);
  const groups = mergeCandidates(unclaimed(candidates, claimed, ownerOf));
  const theirs = new Set(declared.components.flatMap((component) => targetsOf(component, kinds)));
  const found = withTargets(
    recognise(groups, declared.components, ownerOf, byId),
    kinds,
    targets.filter(({ id }) => !claimed.targets.has(id) && !theirs.has(id))
  );

  const settingsBy = settings?.components ?? {};
  const were = adopted(settingsBy, kinds);
  const asAdopted = adoptedAliases(were, declared.components, byId);
  Object.keys(asAdopted).forEach((id) => were.delete(id));
  const names = [...declared.names].map(([name, id]) => [name.replace('/', '.'), id] as const);
  const taken = new Set([
    ...claimed.ids,
    ...packsOf(declared),
    ...names.map(([name]) => name),
    ...Object.keys(asAdopted),
  ]);
  const { ids, gone, asFound } = idsOf(found, were, taken);
  const aliases = {
    ...Object.fromEntries(names.filter(([name, id]) => name !== id)),
    ...asAdopted,
    ...asFound,
  };
  const said = (id: string) => saidOf(id, settingsBy, aliases);

  const all = [...found.map((one) => ({ ...one, id: ids.get(one) ?? '' })), ...gone]
    .sort((a, b) => compareText(a.id, b.id))
    .map((one) => {
      const component = toComponent(one, said(one.id), settings !== undefined);
      const unseen = one.declared === undefined ? [] : unseenKinds(one.declared, one.parts, byId, answers, targets);
      return [unseen.length === 0 ? component : { ...component, unseen }, one.parts] as const;
    });
  const shown = all.filter(([{ id }]) => said(id).hide !== true);
  const named = new Map(
    shown.map(([component, parts]) => [component, new Set([...parts.map(baseOf), ...targetsOf(component, kinds)])])
  );
  const components = shown.map(([component]) => component);
  return {
    components,
    arrows: arrowsOf(components, [
      ...declared.arrows,
      ...dependencies(settingsBy, aliases),
      ...measuredArrows(named, answers),
    ]),
    hidden: all.flatMap(([component]) => (said(component.id).hide === true ? [component] : [])),
    aliases,
  };
}

/** Ids of the packs that declare components: they stand in addresses, and are no component's. */
function packsOf({ names }: Declared): string[] {
  return [...names.keys()].map((name) => name.slice(0, name.indexOf('/')));
}

/** Without what packs pick, and without what is the same thing by its labels. What is declared is never left out. */
function unclaimed(candidates: readonly Candidate[], claims: Claims, ownerOf: Owners): Candidate[] {
  const isDeclared = (candidate: Candidate) => ownerOf(candidate) !== undefined;
  const claimed = new Set(candidates.filter((candidate) => !isDeclared(candidate) && isClaimed(candidate, claims)));
  const links = linksByLabels(candidates);
  return candidates.filter(
    (candidate) =>
      isDeclared(candidate) ||
      (!claimed.has(candidate) && ![...(links.get(candidate) ?? [])].some((other) => claimed.has(other)))
  );
}

interface Named {
  readonly ids: ReadonlyMap<Found, string>;
  /** What was adopted and is not found any more. */
  readonly gone: ReadonlyArray<Found & { readonly id: string }>;
  /** Ids that declared components would have if nobody declared them. */
  readonly asFound: Readonly<Record<string, string>>;
}

/** The ids of what was found, and what is gone. What is declared or was adopted keeps its id. */
function idsOf(
  found: readonly Found[],
  were: ReadonlyMap<string, readonly ComponentKind[]>,
  taken: ReadonlySet<string>
): Named {
  const byIdentity = new Map(
    found.flatMap((one) => (one.declared ? [] : one.kinds.map((as) => [identityOf(as), one] as const)))
  );
  const ids = new Map<Found, string>(found.flatMap((one) => (one.declared ? [[one, one.declared.id] as const] : [])));
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
  const made = componentIds(
    found.filter((one) => !ids.has(one) || (one.parts.length > 0 && one.isShared === false)),
    used
  );
  return {
    ids: new Map([...made, ...ids]),
    gone,
    asFound: Object.fromEntries([...made].flatMap(([{ declared }, id]) => (declared ? [[id, declared.id]] : []))),
  };
}

/** Equal for one kind of one component. A target of the service has no labels: its parameter tells it apart. */
function identityOf({ kind, is, with: values }: ComponentKind): string {
  const labels = Object.entries(is).sort();
  return JSON.stringify([kind, labels.length > 0 ? labels : Object.entries(values).sort()]);
}

/** What people said of a component stands over what a pack says of it; what it is in the answers of the sources the pack says. */
function toComponent(
  { id, kinds, name, title, declared }: Found & { readonly id: string },
  said: ComponentSettings,
  isKnown: boolean
): Component {
  const isAdopted = (said.kinds ?? []).length > 0;
  return {
    id,
    title: said.title ?? title ?? name.join('/'),
    origin: declared !== undefined || isAdopted ? 'declared' : 'discovered',
    adopted: declared !== undefined || (isKnown ? said.adopt === true : undefined),
    kinds: kinds.map((as) => ({ ...as, with: { ...as.with, ...said.with?.[as.kind] } })),
    ...(declared?.declaredBy === undefined ? {} : { declaredBy: declared.declaredBy }),
  };
}

/** What people said that components depend on. */
function dependencies(said: Said, aliases: Readonly<Record<string, string>>): Arrow[] {
  const now = (id: string) => aliases[id] ?? id;
  return Object.entries(said).flatMap(([id, { dependsOn = [] }]) =>
    dependsOn.map((to): Arrow => ({ from: now(id), to: now(to), origin: 'declared' }))
  );
}

/** Each pair once, as the first one says it; what points to nothing that is known is left out. */
function arrowsOf(components: readonly Component[], arrows: readonly Arrow[]): Arrow[] {
  const known = new Set(components.map(({ id }) => id));
  const byEnds = new Map<string, Arrow>();
  for (const arrow of arrows) {
    const ends = JSON.stringify([arrow.from, arrow.to, arrow.drains === true]);
    if (arrow.from !== arrow.to && known.has(arrow.from) && known.has(arrow.to)) {
      // What is declared stands; the name of the client is only known where it was measured.
      byEnds.set(ends, { ...arrow, ...byEnds.get(ends) });
    }
  }
  return [...byEnds.values()].sort((a, b) => compareText(a.from, b.from) || compareText(a.to, b.to));
}
