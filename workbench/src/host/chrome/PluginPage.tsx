import { config, type PluginPageProps } from '@grafana/runtime';
import React from 'react';
import { useLocation } from 'react-router-dom-v5-compat';
import { Page } from './Page';
import { usePluginMeta } from './PluginContext';
import { appEntry, nodeAt, titleOf, trail } from './navigation';

/** Stands in for `PluginPage` of `@grafana/runtime`, whose real one Grafana sets at start. */
export function PluginPage({ pageNav, children, ...rest }: PluginPageProps) {
  const meta = usePluginMeta();
  const { pathname, search } = useLocation();
  const section = nodeAt(appEntry(meta, config.bootData.user), pathname + search);
  return (
    <Page {...rest} page={pageNav ?? section} crumbs={trail(pageNav, section)} title={titleOf(section, pageNav)}>
      {children}
    </Page>
  );
}
