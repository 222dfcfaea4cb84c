/**
 * Loads with Grafana itself, so only links and lazy imports belong here: whatever is imported statically is paid for by
 * every page of Grafana. The size is checked after each build.
 */
import React, { Suspense, lazy } from 'react';
import { AppPlugin, type AppRootProps } from '@grafana/data';
import { LoadingPlaceholder } from '@grafana/ui';
import type { AppConfigProps } from './components/AppConfig/AppConfig';
import type { Settings } from './grafana/settings';
import { addLinks } from './links/addLinks';

const LazyApp = lazy(() => import('./components/App/App'));
const LazyAppConfig = lazy(() => import('./components/AppConfig/AppConfig'));

const App = (props: AppRootProps<Settings>) => (
  <Suspense fallback={<LoadingPlaceholder text="Loading Live Runbooks" />}>
    <LazyApp {...props} />
  </Suspense>
);

const AppConfig = (props: AppConfigProps) => (
  <Suspense fallback={<LoadingPlaceholder text="Loading the configuration" />}>
    <LazyAppConfig {...props} />
  </Suspense>
);

export const plugin = addLinks(
  new AppPlugin<Settings>()
    .setRootPage(App)
    .addConfigPage({ title: 'Configuration', icon: 'cog', body: AppConfig, id: 'configuration' })
);
