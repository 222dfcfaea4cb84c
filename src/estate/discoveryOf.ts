import { declaredEstate, type Kind, type Pack } from '@live-runbooks/engine';
import type { Sources } from '@live-runbooks/sources';
import { bindPacks } from '../evaluation/question';
import type { Settings } from '../grafana/settings';
import { Discovery } from './Discovery';
import { unreadHome, type EstateHome } from './home';

interface Given {
  readonly packs: readonly Pack[];
  readonly kinds: readonly Kind[];
  readonly sources: Sources;
  readonly settings: Settings;
  readonly home: EstateHome;
  readonly clock: () => number;
}

/** The components that these packs declare, and discovery beside them. What the address of a page names does not change what is found. */
export function discoveryOf({ packs, kinds, sources, settings, home, clock }: Given): Discovery {
  const bounds = bindPacks(packs, settings, {});
  const declared = declaredEstate(packs, new Map(kinds.map((kind) => [kind.id, kind])));
  const unsaid = unreadHome(home);
  return new Discovery({
    ...{ sources, kinds, bounds, declared, clock, settings: home.estate },
    ...(unsaid === undefined ? {} : { unsaid }),
  });
}
