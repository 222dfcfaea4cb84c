/**
 * What people said of components, by the ids under which they are evaluated. A component that a pack declares may have been adopted,
 * named or hidden under another id before: that still counts, and what is said under its present id is stronger.
 */
import type { Component, ComponentKind } from '../model/component';
import type { ComponentSettings } from '../model/discovery';
import type { Kind } from '../model/estate';
import { identitiesOf } from './identities';

export type Said = Readonly<Record<string, ComponentSettings>>;

type Aliases = Readonly<Record<string, string>>;

/** What was adopted, as what it was then; a kind that is no more is left out. */
export function adopted(said: Said, kinds: readonly Kind[]): Map<string, ComponentKind[]> {
  const known = new Set(kinds.map(({ id }) => id));
  return new Map(
    Object.entries(said)
      .map(([id, one]) => [id, (one.kinds ?? []).filter(({ kind }) => known.has(kind))] as const)
      .filter(([, were]) => were.length > 0)
      .map(([id, were]) => [id, were.map((as) => ({ with: {}, ...as }))])
  );
}

/** Ids under which declared components were adopted, each with the id of the component. */
export function adoptedAliases(
  were: ReadonlyMap<string, readonly ComponentKind[]>,
  declared: readonly Component[],
  kinds: ReadonlyMap<string, Kind>
): Aliases {
  const byIdentity = new Map(
    declared.flatMap(({ id, kinds: all }) =>
      all.flatMap((as) => identitiesOf(as, kinds).map((identity) => [identity, id] as const))
    )
  );
  const own = new Set(declared.map(({ id }) => id));
  return Object.fromEntries(
    [...were].flatMap(([id, all]) => {
      const [is] = all.flatMap((as) => identitiesOf(as, kinds).flatMap((identity) => byIdentity.get(identity) ?? []));
      return is === undefined || own.has(id) ? [] : [[id, is]];
    })
  );
}

/** What was said of a component, under its own id and under others. */
export function saidOf(id: string, said: Said, aliases: Aliases): ComponentSettings {
  const others = Object.keys(aliases).filter((other) => aliases[other] === id);
  return Object.assign({}, ...others.map((other) => said[other]), said[id]) as ComponentSettings;
}
