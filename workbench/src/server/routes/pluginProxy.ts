import type { Route } from '../http/exchange';
import { pluginProxy } from '../proxy/pluginProxy';

export const pluginProxyRoute: Route = {
  method: '*',
  path: '/api/plugin-proxy/:id/*',
  handle: (exchange, { id = '', '*': path = '' }) => pluginProxy(exchange, id, path),
};
