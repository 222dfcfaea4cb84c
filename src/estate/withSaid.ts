import type { ComponentSettings } from '@live-runbooks/engine';

type Components = Readonly<Record<string, ComponentSettings>>;

/**
 * What is said of components, with something else of one. What was said of it under other ids is in `next`, so it goes: it stands under
 * the present id, also where others depend on it. Of a component of which nothing is said nothing is stored.
 */
export function withSaid(
  components: Components,
  id: string,
  next: ComponentSettings,
  aliases: Readonly<Record<string, string>>
): Components {
  const now = (other: string) => (aliases[other] === id ? id : other);
  const others = Object.entries(components).flatMap(([key, said]) =>
    now(key) === id
      ? []
      : [[key, said.dependsOn === undefined ? said : { ...said, dependsOn: said.dependsOn.map(now) }] as const]
  );
  const stored = JSON.parse(JSON.stringify(Object.fromEntries([...others, [id, next]]))) as Components;
  return Object.fromEntries(Object.entries(stored).filter(([, said]) => Object.keys(said).length > 0));
}
