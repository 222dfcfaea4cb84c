import { sendJson, type Route } from '../http/exchange';

/** The plugin has no backend of its own; Grafana answers for it like this. */
export const pluginHealthRoute: Route = {
  method: 'GET',
  path: '/api/plugins/:id/health',
  handle: ({ response }) =>
    sendJson(response, 500, { statusCode: 500, messageId: 'plugin.unavailable', message: 'Plugin unavailable' }),
};

export const pluginResourcesRoute: Route = {
  method: '*',
  path: '/api/plugins/:id/resources/*',
  handle: ({ response }) =>
    sendJson(response, 500, {
      statusCode: 500,
      messageId: 'plugin.requestFailureError',
      message: 'An error occurred within the plugin',
    }),
};
