import { describeApp } from '../plugin/describe';
import type { DataSource } from '../provisioning/dataSources';
import { typeMeta } from '../provisioning/dataSourceTypes';
import type { WorkbenchState } from '../state';

/** The version whose behaviour is shown; plugins read it from `config.buildInfo`. */
export const GRAFANA_VERSION = '12.2.0';

const dateFormats = {
  fullDate: 'YYYY-MM-DD HH:mm:ss',
  interval: {
    millisecond: 'HH:mm:ss.SSS',
    second: 'HH:mm:ss',
    minute: 'HH:mm',
    hour: 'MM/DD HH:mm',
    day: 'MM/DD',
    month: 'YYYY-MM',
    year: 'YYYY',
  },
  useBrowserLocale: false,
  defaultTimezone: 'browser',
};

/** `config` as a plugin sees it: the parts of Grafana's frontend settings that matter outside of Grafana's own pages. */
export function frontendSettings({ dataSources: sources, plugin, settings }: WorkbenchState, origin: string) {
  const datasources = Object.fromEntries(sources.map((source) => [source.name, instanceSettings(source)]));
  return {
    datasources,
    defaultDatasource: sources.find((source) => source.isDefault)?.name ?? sources[0]?.name ?? '',
    panels: {},
    apps: settings.enabled ? { [plugin.id]: describeApp(plugin) } : {},
    appUrl: `${origin}/`,
    appSubUrl: '',
    namespace: 'default',
    buildInfo: {
      version: GRAFANA_VERSION,
      versionString: `Grafana v${GRAFANA_VERSION} (workbench)`,
      commit: 'workbench',
      edition: 'Open Source',
      env: 'production',
      latestVersion: '',
      hasUpdate: false,
      hideVersion: false,
    },
    featureToggles: {},
    dateFormats,
    exploreEnabled: false,
    unifiedAlertingEnabled: true,
    minRefreshInterval: '5s',
    liveEnabled: false,
    disableSanitizeHtml: false,
  };
}

function instanceSettings({ id, uid, name, type, isDefault, jsonData }: DataSource) {
  return {
    id,
    uid,
    type,
    name,
    meta: typeMeta(type),
    url: `/api/datasources/proxy/uid/${uid}`,
    access: 'proxy',
    isDefault,
    jsonData,
    readOnly: true,
    preload: false,
    cachingConfig: { enabled: false, TTLMs: 0 },
  };
}
