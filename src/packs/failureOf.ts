/** What another version compiled may hold what this one cannot read: that costs its own pack, and no page. */
import {
  bind,
  declaredEstate,
  diagnose,
  instantiate,
  isEstate,
  plan,
  type BoundPack,
  type Kinds,
  type Pack,
} from '@live-runbooks/engine';

/** Why the pack cannot be evaluated; undefined when it can. */
export function failureOf(pack: Pack, kinds: Kinds): string | undefined {
  try {
    const bounds = isEstate(pack) ? componentsOf(pack, kinds) : [bind(pack, {})];
    plan(bounds);
    bounds.forEach((bound) => bound.pack.runbooks.forEach(({ id }) => diagnose(bound, id, new Map(), 0)));
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Errors: a kind, a convention or a runbook that the plugin's kinds do not have. */
function componentsOf(pack: Pack, kinds: Kinds): BoundPack[] {
  const { components, extensions } = declaredEstate([pack], kinds);
  for (const { kind, dialect, is } of components.flatMap((component) => component.kinds)) {
    const known = kinds.get(kind);
    if (known === undefined) {
      throw new Error(`the kind ${kind} is none of the plugin's`);
    }
    if (Object.keys(is).length > 0 && known.dialects[dialect] === undefined) {
      throw new Error(`the kind ${kind} has no names ${dialect}`);
    }
  }
  for (const { kind, replaces } of [...extensions.values()].flat()) {
    if (kinds.get(kind)?.pack.runbooks.every(({ id }) => id !== replaces) !== false) {
      throw new Error(`the kind ${kind} has no runbook ${replaces}`);
    }
  }
  return components.map((component) =>
    instantiate(component, kinds, { extensions: extensions.get(component.id) ?? [] })
  );
}
