import { createSources, type SourceHealth } from '@live-runbooks/sources';
import { PLUGIN_ID } from '../../constants';
import { askGrafana } from '../../grafana/ask';
import type { Settings } from '../../grafana/settings';

/** Asks each source the least it can say, on the road that the pages take. The service's address and token are the stored ones. */
export function testSources({ diagnosticsUrl, prometheusUid, lokiUid }: Settings): Promise<readonly SourceHealth[]> {
  return createSources({
    ask: askGrafana,
    prometheusUid,
    lokiUid,
    hasDiagnostics: Boolean(diagnosticsUrl),
    pluginId: PLUGIN_ID,
    now: () => Date.now(),
  }).health();
}
