import { sendJson, type Route } from '../http/exchange';
import { GRAFANA_VERSION, frontendSettings } from '../page/frontendSettings';

export const healthRoute: Route = {
  method: 'GET',
  path: '/api/health',
  open: true,
  handle: ({ response }) => sendJson(response, 200, { database: 'ok', version: GRAFANA_VERSION, commit: 'workbench' }),
};

export const frontendSettingsRoute: Route = {
  method: 'GET',
  path: '/api/frontend/settings',
  handle: ({ response, url, state }) => sendJson(response, 200, frontendSettings(state, url.origin)),
};

/** Dashboards are not part of the workbench. */
export const searchRoute: Route = {
  method: 'GET',
  path: '/api/search',
  handle: ({ response }) => sendJson(response, 200, []),
};

export const unknownApiRoutes: Route[] = ['/api/*', '/apis/*'].map((path) => ({
  method: '*',
  path,
  handle: ({ request, response, url }) =>
    sendJson(response, 404, { message: `The workbench does not answer ${request.method} ${url.pathname}` }),
}));
