import { sendJson, type Route } from '../http/exchange';
import { endToEnd, forward } from '../proxy/forward';

/** `/demo/*` is the demo's control server, when there is one. */
export const demoRoute: Route = {
  method: '*',
  path: '/demo/*',
  handle: async ({ request, response, url, state }, { '*': rest = '' }) => {
    if (!state.control) {
      return sendJson(response, 404, { message: 'No demo is connected: start the workbench with --control <address>' });
    }
    const origin = new URL(state.control);
    const { cookie: _cookie, ...headers } = endToEnd(request.headers);
    await forward(request, response, { origin, path: `/${rest}${url.search}`, headers });
  },
};
