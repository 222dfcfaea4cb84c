import { getThemeById, ThemeContext, type AppPlugin, type AppPluginMeta } from '@grafana/data';
import { LocationServiceProvider, config, locationService } from '@grafana/runtime';
import { GlobalStyles, ModalRoot, PortalContainer } from '@grafana/ui';
import React from 'react';
import { Router } from 'react-router';
import { CompatRouter, Navigate, Route, Routes } from 'react-router-dom-v5-compat';
import { Chrome } from './chrome/Chrome';
import { PluginMetaProvider } from './chrome/PluginContext';
import { PluginProvider } from './extensions/useLinks';
import { firstPage } from './chrome/navigation';
import { AlertsPage } from './pages/AlertsPage';
import { AppPage } from './pages/AppPage';
import { ConfigPage } from './pages/ConfigPage';
import { NotFoundPage } from './pages/NotFoundPage';

interface Props {
  plugin: AppPlugin;
  meta: AppPluginMeta;
}

/** The providers and routes of Grafana's app, around one plugin. */
export function Workbench({ plugin, meta }: Props) {
  return (
    <ThemeContext.Provider value={getThemeById(config.bootData.user.theme)}>
      <GlobalStyles />
      <Router history={locationService.getHistory() as never}>
        <LocationServiceProvider service={locationService}>
          <CompatRouter>
            <PluginMetaProvider value={meta}>
              <PluginProvider value={plugin}>
                <Chrome>
                  <Routes>
                    <Route path="/" element={<Navigate replace to={firstPage(meta)} />} />
                    <Route path={`/a/${meta.id}/*`} element={<AppPage plugin={plugin} meta={meta} />} />
                    <Route path={`/plugins/${meta.id}`} element={<ConfigPage plugin={plugin} meta={meta} />} />
                    <Route path="/alerting/*" element={<AlertsPage />} />
                    <Route path="*" element={<NotFoundPage />} />
                  </Routes>
                </Chrome>
              </PluginProvider>
            </PluginMetaProvider>
          </CompatRouter>
        </LocationServiceProvider>
      </Router>
      <ModalRoot />
      <PortalContainer />
    </ThemeContext.Provider>
  );
}
