import { PluginContextProvider, type AppPlugin, type AppPluginMeta } from '@grafana/data';
import { locationService } from '@grafana/runtime';
import React, { useSyncExternalStore } from 'react';
import { Navigate } from 'react-router-dom-v5-compat';
import { defaultPage } from '../chrome/navigation';

interface Props {
  plugin: AppPlugin;
  meta: AppPluginMeta;
}

const history = locationService.getHistory();
const subscribe = (listener: () => void) => history.listen(listener);

/** The plugin's root page, given what Grafana gives it. */
export function AppPage({ plugin, meta }: Props) {
  const location = useSyncExternalStore(subscribe, () => history.location);
  const basename = `/a/${meta.id}`;
  const Root = plugin.root;
  if (!Root) {
    return <div>{meta.name} has no root page.</div>;
  }
  if (location.pathname.replace(/\/$/, '') === basename && defaultPage(meta) !== basename) {
    return <Navigate replace to={defaultPage(meta)} />;
  }
  return (
    <PluginContextProvider meta={meta}>
      <Root
        meta={meta}
        basename={basename}
        path={location.pathname}
        query={locationService.getSearchObject() as never}
        onNavChanged={() => {}}
      />
    </PluginContextProvider>
  );
}
