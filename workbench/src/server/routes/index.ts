import type { Route } from '../http/exchange';
import {
  annotationRoute,
  annotationTagsRoute,
  createAnnotationRoute,
  deleteAnnotationRoute,
  listAnnotationsRoute,
  patchAnnotationRoute,
} from './annotations';
import { dataQueryRoute } from './dataQuery';
import { dataSourceHealthRoute } from './dataSourceHealth';
import { dataSourceProxyRoute, dataSourceResourcesRoute } from './dataSourceProxy';
import { dataSourceByUidRoute, listDataSourcesRoute } from './dataSources';
import { demoRoute } from './demo';
import { fileRoutes } from './files';
import { frontendSettingsRoute, healthRoute, searchRoute, unknownApiRoutes } from './host';
import { pageRoute } from './page';
import { pluginHealthRoute, pluginResourcesRoute } from './pluginBackend';
import { pluginProxyRoute } from './pluginProxy';
import { getPluginSettingsRoute, savePluginSettingsRoute } from './pluginSettings';
import { grafanaAlertsRoute, rulesRoute } from './rules';
import { loginPingRoute, signingKeysRoute, userPermissionsRoute, userPreferencesRoute, userRoute } from './user';

/** All that the workbench answers; the first that fits is taken. */
export const routes: Route[] = [
  dataQueryRoute,
  pluginProxyRoute,
  getPluginSettingsRoute,
  savePluginSettingsRoute,
  pluginHealthRoute,
  pluginResourcesRoute,
  listDataSourcesRoute,
  dataSourceByUidRoute,
  dataSourceHealthRoute,
  dataSourceResourcesRoute,
  dataSourceProxyRoute,
  rulesRoute,
  grafanaAlertsRoute,
  listAnnotationsRoute,
  annotationTagsRoute,
  annotationRoute,
  createAnnotationRoute,
  patchAnnotationRoute,
  deleteAnnotationRoute,
  userRoute,
  loginPingRoute,
  userPermissionsRoute,
  userPreferencesRoute,
  signingKeysRoute,
  healthRoute,
  frontendSettingsRoute,
  searchRoute,
  ...unknownApiRoutes,
  demoRoute,
  ...fileRoutes,
  pageRoute,
];
