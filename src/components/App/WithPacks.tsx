import React, { useMemo, type ReactNode } from 'react';
import { createSources } from '@live-runbooks/sources';
import { LoadingPlaceholder } from '@grafana/ui';
import { PLUGIN_ID } from '../../constants';
import { LiveRunbooksProvider } from '../../context/LiveRunbooks';
import { discoveryOf } from '../../estate/discoveryOf';
import { askGrafana } from '../../grafana/ask';
import { mayConfigure } from '../../grafana/permissions';
import type { Settings } from '../../grafana/settings';
import { usePacks } from '../../packs/usePacks';
import { Banner } from '../Banner';
import { PageFrame } from '../PageFrame';
import { testIds } from '../testIds';

const now = () => Date.now();

/** Fetches the packs, and gives the pages what they work with. */
export function WithPacks({ settings, children }: { settings: Settings; children: ReactNode }) {
  const { packs, kinds, error, retry } = usePacks();
  const { prometheusUid, lokiUid } = settings;
  const hasDiagnostics = Boolean(settings.diagnosticsUrl);
  const sources = useMemo(
    () => createSources({ ask: askGrafana, prometheusUid, lokiUid, hasDiagnostics, pluginId: PLUGIN_ID, now }),
    [prometheusUid, lokiUid, hasDiagnostics]
  );
  const value = useMemo(
    () =>
      packs &&
      kinds && {
        ...{ packs, sources, settings, clock: now, mayConfigure: mayConfigure() },
        discovery: discoveryOf({ packs, kinds, sources, settings, clock: now }),
      },
    [packs, kinds, sources, settings]
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
