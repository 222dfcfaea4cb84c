import type { Kind, Pack } from '@live-runbooks/engine';
import type { Sources } from '@live-runbooks/sources';
import { bindPacks } from '../evaluation/question';
import type { Settings } from '../grafana/settings';
import { Discovery } from './Discovery';

interface Given {
  readonly packs: readonly Pack[];
  readonly kinds: readonly Kind[];
  readonly sources: Sources;
  readonly settings: Settings;
  readonly clock: () => number;
}

/** Discovery beside these packs. What the address of a page names does not change what is found. */
export function discoveryOf({ packs, kinds, sources, settings, clock }: Given): Discovery {
  const bounds = bindPacks(packs, settings, {});
  return new Discovery({ sources, kinds, bounds, settings: settings.estate ?? {}, clock });
}
