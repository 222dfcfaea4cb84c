import { PluginContextProvider, type AppPlugin, type AppPluginMeta, type NavModelItem } from '@grafana/data';
import { config } from '@grafana/runtime';
import { Alert } from '@grafana/ui';
import React from 'react';
import { useLocation } from 'react-router-dom-v5-compat';
import { Page } from '../chrome/Page';
import { HOME, titleOf, trail } from '../chrome/navigation';

/** Where Grafana keeps the plugins. */
const PLUGINS: NavModelItem = {
  text: 'Plugins',
  url: '/plugins',
  parentItem: {
    text: 'Plugins and data',
    url: '/admin/plugins',
    parentItem: { text: 'Administration', url: '/admin', parentItem: HOME },
  },
};

interface Props {
  plugin: AppPlugin;
  meta: AppPluginMeta;
}

/** `/plugins/<id>`: the plugin's own configuration pages as tabs, for Admin only, as in Grafana. */
export function ConfigPage({ plugin, meta }: Props) {
  const wanted = new URLSearchParams(useLocation().search).get('page');
  const tabs = plugin.configPages ?? [];
  const shown = tabs.find((tab) => tab.id === wanted) ?? tabs[0];
  const url = `/plugins/${meta.id}`;
  const page: NavModelItem = {
    text: meta.name,
    subTitle: meta.info?.description,
    img: meta.info?.logos?.large && `/public/plugins/${meta.id}/${meta.info.logos.large}`,
    url,
    children: tabs.map((tab) => ({
      text: tab.title,
      icon: tab.icon as never,
      url: `${url}?page=${tab.id}`,
      active: tab === shown,
    })),
  };
  if (config.bootData.user.orgRole !== 'Admin') {
    return (
      <Page page={{ text: 'Access denied' }} crumbs={trail({ text: meta.name, url })}>
        <Alert severity="warning" title="Only administrators may configure plugins" />
      </Page>
    );
  }
  const Body = shown?.body;
  return (
    <Page page={page} crumbs={trail({ text: meta.name, url }, PLUGINS)} title={titleOf(PLUGINS, page)}>
      <PluginContextProvider meta={meta}>
        {Body ? (
          <Body plugin={plugin as never} query={{}} />
        ) : (
          <Alert severity="info" title="This plugin has no configuration page" />
        )}
      </PluginContextProvider>
    </Page>
  );
}
