import { PluginContextProvider, type AppPlugin, type AppPluginMeta } from '@grafana/data';
import { config, locationService } from '@grafana/runtime';
import { Alert } from '@grafana/ui';
import React, { useSyncExternalStore } from 'react';
import { Page } from '../chrome/Page';
import { includeAt, mayOpen, trail } from '../chrome/navigation';

interface Props {
  plugin: AppPlugin;
  meta: AppPluginMeta;
}

const history = locationService.getHistory();
const subscribe = (listener: () => void) => history.listen(listener);

/**
 * The plugin's root page, given what Grafana gives it: every address below `/a/<id>` is the plugin's own to route, and
 * only the exact path of an include is guarded.
 */
export function AppPage({ plugin, meta }: Props) {
  const location = useSyncExternalStore(subscribe, () => history.location);
  const basename = `/a/${meta.id}`;
  const Root = plugin.root;
  if (!Root) {
    return <div>{meta.name} has no root page.</div>;
  }
  if (!meta.enabled) {
    return (
      <Page page={{ text: 'Application Not Enabled' }} crumbs={trail()}>
        The app is disabled.
      </Page>
    );
  }
  const include = includeAt(meta, location.pathname);
  if (include && !mayOpen(include, config.bootData.user)) {
    return (
      <Alert severity="warning" title="Access denied">
        You do not have permission to see this page.
      </Alert>
    );
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
