import type { Kind, Pack } from '@live-runbooks/engine';
import { discoveryOf } from '../../estate/discoveryOf';
import type { Discovery } from '../../estate/Discovery';
import type { Settings } from '../../grafana/settings';
import { storedSources } from './storedSources';

/** Discovery for the page of the settings: as the pages do it, with what is stored. */
export function configDiscovery(given: {
  readonly packs: readonly Pack[];
  readonly kinds: readonly Kind[];
  readonly settings: Settings;
}): Discovery {
  return discoveryOf({ ...given, sources: storedSources(given.settings), clock: () => Date.now() });
}
