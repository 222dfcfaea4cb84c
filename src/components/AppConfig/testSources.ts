import type { SourceHealth } from '@live-runbooks/sources';
import type { Settings } from '../../grafana/settings';
import { storedSources } from './storedSources';

/** Asks each source the least it can say, on the road that the pages take. */
export function testSources(settings: Settings): Promise<readonly SourceHealth[]> {
  return storedSources(settings).health();
}
