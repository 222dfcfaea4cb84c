import React, { useEffect, useState, type ReactNode } from 'react';
import { LoadingPlaceholder } from '@grafana/ui';
import { Banner } from '../Banner';
import { testIds } from '../testIds';
import { Boundary } from './Boundary';
import { isChunkError, mayReload, reload } from './reloadOnce';

/** The outermost layer: what fails before a page can draw itself. */
export function AppBoundary({ children }: { children: ReactNode }) {
  return <Boundary fallback={(error) => <AppFailed error={error} />}>{children}</Boundary>;
}

function AppFailed({ error }: { error: Error }) {
  const [reloading] = useState(() => isChunkError(error) && mayReload(window.sessionStorage, Date.now()));
  useEffect(() => {
    if (reloading) {
      reload(window.sessionStorage, Date.now());
    }
  }, [reloading]);
  if (reloading) {
    return <LoadingPlaceholder text="A newer version is being loaded" />;
  }
  return (
    <div data-testid={testIds.app.failed}>
      <Banner title="Live Runbooks could not start" onRetry={() => window.location.reload()}>
        {error.message}
      </Banner>
    </div>
  );
}
