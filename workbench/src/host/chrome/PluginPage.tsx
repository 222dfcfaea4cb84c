import type { PluginPageProps } from '@grafana/runtime';
import React from 'react';
import { useLocation } from 'react-router-dom-v5-compat';
import { Page } from './Page';
import { usePluginMeta } from './PluginContext';
import { pageAt, pluginPages, trail } from './navigation';

/** Stands in for `PluginPage` of `@grafana/runtime`, whose real one Grafana sets at start. */
export function PluginPage({ pageNav, children, ...rest }: PluginPageProps) {
  const meta = usePluginMeta();
  const { pathname } = useLocation();
  const app = { text: meta.name, url: `/a/${meta.id}` };
  const section = pageAt(pluginPages(meta), pathname);
  const page = pageNav ?? section ?? app;
  return (
    <Page {...rest} page={page} crumbs={trail(pageNav, section, app)}>
      {children}
    </Page>
  );
}
