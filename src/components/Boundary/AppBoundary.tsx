import React, { useEffect, useState, type ReactNode } from 'react';
import { LoadingPlaceholder } from '@grafana/ui';
import { Banner } from '../Banner';
import { testIds } from '../testIds';
import { Boundary } from './Boundary';
import { isChunkError, reloadOnce } from './reloadOnce';

/** The outermost layer: what fails before a page can draw itself. */
export function AppBoundary({ children }: { children: ReactNode }) {
  return <Boundary fallback={(error) => <AppFailed error={error} />}>{children}</Boundary>;
}

function AppFailed({ error }: { error: Error }) {
  const [reloading, setReloading] = useState(isChunkError(error));
  useEffect(() => {
    if (isChunkError(error)) {
      setReloading(reloadOnce(window.sessionStorage, Date.now(), () => window.location.reload()));
    }
  }, [error]);
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
