import React, { lazy, Suspense } from 'react';
import { Navigate, Route, Routes } from 'react-router-dom';
import type { AppRootProps } from '@grafana/data';
import { LoadingPlaceholder } from '@grafana/ui';
import { PLUGIN_BASE_URL, ROUTES } from '../../constants';
import { currentSettings } from '../../grafana/savedSettings';
import type { Settings } from '../../grafana/settings';
import { AppBoundary } from '../Boundary/AppBoundary';
import { WithPacks } from './WithPacks';

const TriagePage = lazy(() => import('../../pages/triage/TriagePage').then((m) => ({ default: m.TriagePage })));
const RunbooksPage = lazy(() => import('../../pages/runbooks/RunbooksPage').then((m) => ({ default: m.RunbooksPage })));
const RunbookPage = lazy(() => import('../../pages/runbook/RunbookPage').then((m) => ({ default: m.RunbookPage })));

const NO_SETTINGS: Settings = {};

/** The app inside Grafana: one route a page. */
function App({ meta }: AppRootProps<Settings>) {
  return (
    <AppBoundary>
      <WithPacks settings={currentSettings(meta.jsonData ?? NO_SETTINGS)}>
        <Suspense fallback={<LoadingPlaceholder text="Loading the page" />}>
          <Routes>
            <Route path={ROUTES.triage} element={<TriagePage />} />
            <Route path={ROUTES.runbooks} element={<RunbooksPage />} />
            <Route path={`${ROUTES.runbooks}/:pack/:runbook`} element={<RunbookPage />} />
            <Route path="*" element={<Navigate replace to={`${PLUGIN_BASE_URL}/${ROUTES.triage}`} />} />
          </Routes>
        </Suspense>
      </WithPacks>
    </AppBoundary>
  );
}

export default App;
