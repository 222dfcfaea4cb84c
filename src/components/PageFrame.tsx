import React, { type ReactNode } from 'react';
import { useLocation } from 'react-router-dom';
import type { NavModelItem } from '@grafana/data';
import { PluginPage } from '@grafana/runtime';
import { Banner } from './Banner';
import { Boundary } from './Boundary/Boundary';
import { testIds } from './testIds';

interface Props {
  children: ReactNode;
  pageNav?: NavModelItem;
  subTitle?: ReactNode;
  actions?: ReactNode;
}

/** A page of the app. Its boundary is inside PluginPage, so the breadcrumb survives what the content throws. */
export function PageFrame({ children, pageNav, subTitle, actions }: Props) {
  const { pathname, search } = useLocation();
  return (
    <PluginPage pageNav={pageNav} subTitle={subTitle} actions={actions}>
      <Boundary
        resetKey={pathname + search}
        fallback={(error, retry) => (
          <div data-testid={testIds.page.failed}>
            <Banner title="This page failed" onRetry={retry}>
              {error.message}. Nothing on it can be relied on until it is drawn again.
            </Banner>
          </div>
        )}
      >
        {children}
      </Boundary>
    </PluginPage>
  );
}
