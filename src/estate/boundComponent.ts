import { instantiate, type BoundPack, type Component, type rolesOf } from '@live-runbooks/engine';
import type { Discovery } from './Discovery';

/** A component as a pack, with values from the address of the page over its own. Which series are its own no address changes. */
export function boundComponent(
  component: Component,
  roles: ReturnType<typeof rolesOf>,
  { kinds, declared }: Pick<Discovery, 'kinds' | 'declared'>,
  params: Readonly<Record<string, string>>
): BoundPack {
  const parts = component.kinds.map((as) => {
    const kind = kinds.get(as.kind);
    const given = Object.entries(params).filter(
      ([name]) => name !== kind?.identity.scope && Object.hasOwn(kind?.pack.params ?? {}, name)
    );
    return { ...as, with: { ...as.with, ...Object.fromEntries(given) } };
  });
  const extensions = declared.extensions.get(component.id) ?? [];
  return instantiate({ ...component, kinds: parts }, kinds, { roles, extensions });
}
