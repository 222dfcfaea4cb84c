import React from 'react';
import { useLocation } from 'react-router-dom-v5-compat';
import { Page } from '../chrome/Page';
import { trail } from '../chrome/navigation';

export function NotFoundPage() {
  const { pathname } = useLocation();
  return (
    <Page page={{ text: 'Page not found' }} crumbs={trail({ text: 'Page not found', url: pathname })}>
      The workbench carries one plugin and no page at {pathname}.
    </Page>
  );
}
