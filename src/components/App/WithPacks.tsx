import React, { useCallback, useEffect, useMemo, useState, type ReactNode } from 'react';
import type { Pack } from '@live-runbooks/engine';
import { createSources } from '@live-runbooks/sources';
import { LoadingPlaceholder } from '@grafana/ui';
import { PLUGIN_ID } from '../../constants';
import { LiveRunbooksProvider } from '../../context/LiveRunbooks';
import { askGrafana } from '../../grafana/ask';
import { mayConfigure } from '../../grafana/permissions';
import type { Settings } from '../../grafana/settings';
import { loadPacks } from '../../packs/loadPacks';
import { Banner } from '../Banner';
import { PageFrame } from '../PageFrame';
import { testIds } from '../testIds';

const now = () => Date.now();

/** Fetches the packs, and gives the pages what they work with. */
export function WithPacks({ settings, children }: { settings: Settings; children: ReactNode }) {
  const [packs, setPacks] = useState<readonly Pack[]>();
  const [error, setError] = useState<Error>();
  const load = useCallback(() => {
    setError(undefined);
    loadPacks().then(setPacks, (e: unknown) => setError(e instanceof Error ? e : new Error(String(e))));
  }, []);
  useEffect(load, [load]);
  const { prometheusUid, lokiUid } = settings;
  const sources = useMemo(
    () => createSources({ ask: askGrafana, prometheusUid, lokiUid, pluginId: PLUGIN_ID, now }),
    [prometheusUid, lokiUid]
  );
  const value = useMemo(
    () => packs && { packs, sources, settings, clock: now, mayConfigure: mayConfigure() },
    [packs, sources, settings]
  );
  if (value) {
    return <LiveRunbooksProvider value={value}>{children}</LiveRunbooksProvider>;
  }
  return (
    <PageFrame>
      {error ? (
        <Banner title="The runbooks could not be loaded" onRetry={load}>
          {error.message}
        </Banner>
      ) : (
        <div data-testid={testIds.app.loading}>
          <LoadingPlaceholder text="Loading the runbooks" />
        </div>
      )}
    </PageFrame>
  );
}
