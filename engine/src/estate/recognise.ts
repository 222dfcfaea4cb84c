/**
 * Which of what was found is what packs declare. A candidate with an identity that is declared is that component. What is certainly the
 * same thing, and of a kind that nobody declared, is added to it; where two declared components claim that, it stays apart.
 */
import { addTo } from '../addTo';
import type { Component } from '../model/component';
import type { Kind } from '../model/estate';
import type { Candidate } from './candidates';
import { foundOf, type Found } from './found';
import { identitiesOf, labelIdentity } from './identities';

type Kinds = ReadonlyMap<string, Kind>;

/** The declared component that a candidate is. */
export type Owners = (candidate: Candidate) => Component | undefined;

export function ownersOf(declared: readonly Component[], kinds: Kinds): Owners {
  const byIdentity = new Map(
    declared.flatMap((component) =>
      component.kinds.flatMap((as) => identitiesOf(as, kinds).map((identity) => [identity, component] as const))
    )
  );
  return ({ kind, is }) => byIdentity.get(labelIdentity(kind.id, is));
}

/** Every declared component, whether something was found of it or not, and then the groups of candidates that are of none. */
export function recognise(
  groups: ReadonlyArray<readonly Candidate[]>,
  declared: readonly Component[],
  ownerOf: Owners,
  kinds: Kinds
): Found[] {
  const own = new Map<Component, Candidate[]>();
  const offered = new Map<Component, Candidate[]>();
  const shared = new Set<Component>();
  const others: Array<readonly Candidate[]> = [];
  for (const group of groups) {
    const owners = new Set(group.flatMap((candidate) => ownerOf(candidate) ?? []));
    const [owner, another] = owners;
    if (another !== undefined) {
      owners.forEach((one) => shared.add(one));
    }
    if (owner === undefined) {
      others.push(group);
      continue;
    }
    for (const candidate of group) {
      const its = ownerOf(candidate);
      if (its !== undefined) {
        addTo(own, its, candidate);
      } else if (another === undefined) {
        addTo(offered, owner, candidate);
      } else {
        others.push([candidate]);
      }
    }
  }
  const ofDeclared = declared.map((component) => {
    const more = offered.get(component) ?? [];
    const taken = more.filter((candidate) => isAlone(candidate, more) && isFree(candidate, component, kinds));
    others.push(...more.filter((candidate) => !taken.includes(candidate)).map((one) => [one]));
    return { ...declaredFound(component, own.get(component) ?? [], taken), isShared: shared.has(component) };
  });
  return [...ofDeclared, ...others.map(foundOf)];
}

function isAlone({ kind }: Candidate, among: readonly Candidate[]): boolean {
  return among.filter((other) => other.kind.id === kind.id).length === 1;
}

/** It is of another kind than the component, and picks its series by no parameter that the component has other labels for. */
function isFree({ kind, is }: Candidate, component: Component, kinds: Kinds): boolean {
  return component.kinds.every(
    (as) =>
      as.kind !== kind.id &&
      (kinds.get(as.kind)?.identity.scope !== kind.identity.scope ||
        labelIdentity(kind.id, as.is) === labelIdentity(kind.id, is))
  );
}

function declaredFound(declared: Component, own: readonly Candidate[], more: readonly Candidate[]): Found {
  const found = foundOf([...own, ...more]);
  return {
    ...found,
    // A value that is declared stands over that of what was found beside it: the last one of a parameter counts.
    kinds: [...foundOf(more).kinds, ...declared.kinds],
    title: declared.title,
    declared,
  };
}
