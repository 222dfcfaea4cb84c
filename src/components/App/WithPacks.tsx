import React, { useMemo, type ReactNode } from 'react';
import { createSources } from '@live-runbooks/sources';
import { LoadingPlaceholder } from '@grafana/ui';
import { PLUGIN_ID } from '../../constants';
import { LiveRunbooksProvider } from '../../context/LiveRunbooks';
import { discoveryOf } from '../../estate/discoveryOf';
import { useEstateHome } from '../../estate/useEstateHome';
import { askGrafana } from '../../grafana/ask';
import { mayConfigure } from '../../grafana/permissions';
import type { Settings } from '../../grafana/settings';
import { withConflicts } from '../../packs/conflicts';
import { packsOn } from '../../packs/library';
import { usePackLibrary } from '../../packs/usePackLibrary';
import { Banner } from '../Banner';
import { PageFrame } from '../PageFrame';
import { testIds } from '../testIds';

const now = () => Date.now();
/** The packs and the estate of the service. */
const REQUESTS_BEFORE = 2;

/** Fetches the packs, and gives the pages what they work with. */
export function WithPacks({ settings, children }: { settings: Settings; children: ReactNode }) {
  const { prometheusUid, lokiUid } = settings;
  const hasDiagnostics = Boolean(settings.diagnosticsUrl);
  const sources = useMemo(
    () => createSources({ ask: askGrafana, prometheusUid, lokiUid, hasDiagnostics, pluginId: PLUGIN_ID, now }),
    [prometheusUid, lokiUid, hasDiagnostics]
  );
  const { library, kinds, error, retry } = usePackLibrary(sources);
  const { home } = useEstateHome(sources, settings.estate);
  const packs = useMemo(() => library && home && packsOn(library, home.estate), [library, home]);
  const discovery = useMemo(
    () => packs && kinds && home && discoveryOf({ packs, kinds, sources, settings, home, clock: now }),
    [packs, kinds, sources, settings, home]
  );
  const value = useMemo(
    () =>
      library &&
      packs &&
      discovery && {
        ...{ packs, sources, discovery, settings, clock: now, mayConfigure: mayConfigure() },
        library: withConflicts(library, discovery.declared),
        requestsBefore: hasDiagnostics ? REQUESTS_BEFORE : 0,
      },
    [library, packs, sources, discovery, settings, hasDiagnostics]
  );
  if (value) {
    return <LiveRunbooksProvider value={value}>{children}</LiveRunbooksProvider>;
  }
  return (
    <PageFrame>
      {error ? (
        <Banner title="The runbooks could not be loaded" onRetry={retry}>
          {error}
        </Banner>
      ) : (
        <div data-testid={testIds.app.loading}>
          <LoadingPlaceholder text="Loading the runbooks" />
        </div>
      )}
    </PageFrame>
  );
}
