import { EventBusSrv, locationUtil, setTimeZoneResolver } from '@grafana/data';
import { initPluginTranslations } from '@grafana/i18n';
import {
  FakeEchoSrv,
  config,
  locationService,
  setAppEvents,
  setBackendSrv,
  setChromeHeaderHeightHook,
  setCurrentUser,
  setDataSourceSrv,
  setEchoSrv,
  setHelpNavItemHook,
  setLocationSrv,
  setMegaMenuOpenHook,
  setPluginComponentHook,
  setPluginComponentsHook,
  setPluginFunctionsHook,
  setPluginImportUtils,
  setPluginLinksHook,
  setReturnToPreviousHook,
  setRunRequest,
  setTemplateSrv,
} from '@grafana/runtime';
import { WorkbenchDataSourceSrv } from './datasource/dataSourceSrv';
import { describePanels, panelPlugins } from './panels/panelPlugins';
import { WorkbenchBackendSrv } from './services/backendSrv';
import { initRegistries } from './services/registries';
import { runRequest } from './services/runRequest';
import { templateSrv } from './services/templateSrv';

const HEADER_HEIGHT = 40;

/** Fills in everything that Grafana's own start fills in before it loads a plugin. */
export async function bootRuntime(): Promise<void> {
  const events = new EventBusSrv();
  setAppEvents(events);
  setEchoSrv(new FakeEchoSrv());
  setBackendSrv(new WorkbenchBackendSrv(events));
  setLocationSrv(locationService);
  setCurrentUser(config.bootData.user as never);
  setTimeZoneResolver(() => config.bootData.user.timezone);
  locationUtil.initialize({
    config: config as never,
    getVariablesUrlParams: () => ({}),
    getTimeRangeForUrl: () => ({ from: 'now-1h', to: 'now' }),
  });
  initRegistries();
  setTemplateSrv(templateSrv);
  setDataSourceSrv(new WorkbenchDataSourceSrv());
  setRunRequest(runRequest as never);
  describePanels();
  setPluginImportUtils({
    importPanelPlugin: async (id) => {
      const panel = panelPlugins[id];
      if (!panel) {
        throw new Error(`The workbench has no panel plugin ${id}`);
      }
      return panel;
    },
    getPanelPluginFromCache: (id) => panelPlugins[id],
  });
  setReturnToPreviousHook(() => () => {});
  setChromeHeaderHeightHook(() => HEADER_HEIGHT);
  setMegaMenuOpenHook(() => [true, () => {}, true, () => {}] as never);
  setHelpNavItemHook(() => undefined);
  setPluginLinksHook(() => ({ links: [], isLoading: false }));
  setPluginComponentHook(() => ({ component: undefined, isLoading: false }));
  setPluginComponentsHook((() => ({ components: [], isLoading: false })) as never);
  setPluginFunctionsHook(() => ({ functions: [], isLoading: false }));
  await initPluginTranslations('grafana', []);
}
