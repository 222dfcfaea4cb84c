import { createSources, type Sources } from '@live-runbooks/sources';
import { PLUGIN_ID } from '../../constants';
import { askGrafana } from '../../grafana/ask';
import type { Settings } from '../../grafana/settings';

/** The sources as the pages ask them. The service's address and token are the stored ones. */
export function storedSources({ diagnosticsUrl, prometheusUid, lokiUid }: Settings): Sources {
  return createSources({
    ask: askGrafana,
    prometheusUid,
    lokiUid,
    hasDiagnostics: Boolean(diagnosticsUrl),
    pluginId: PLUGIN_ID,
    now: () => Date.now(),
  });
}
