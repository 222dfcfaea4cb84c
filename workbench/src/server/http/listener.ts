import type { IncomingMessage, ServerResponse } from 'node:http';
import type { WorkbenchState } from '../state';
import { userOf } from '../users/choices';
import { sendError, sendJson, type Route } from './exchange';
import { refusal } from './origin';
import { createRouter } from './router';

const UNAUTHORIZED = {
  extra: null,
  message: 'Unauthorized',
  messageId: 'auth.unauthorized',
  statusCode: 401,
  traceID: '',
};

/** Grafana puts these on every answer. */
const ALWAYS = { 'X-Content-Type-Options': 'nosniff', 'X-Frame-Options': 'deny' };

/** Answers requests with the routes; whatever goes wrong is an answer, never an end of the process. */
export function createListener(state: WorkbenchState, routes: Route[]) {
  const find = createRouter(routes);
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    for (const [name, value] of Object.entries(ALWAYS)) {
      response.setHeader(name, value);
    }
    const refused = refusal(request);
    if (refused) {
      return sendError(response, 403, { message: refused });
    }
    try {
      const url = new URL(request.url ?? '/', `http://${request.headers.host ?? 'localhost'}`);
      // not url.pathname: the URL class resolves `..` and its escapes, which the proxy must see as they came
      const rawPath = (request.url ?? '/').split('?')[0] ?? '/';
      const match = find(request.method ?? 'GET', rawPath);
      const user = userOf(request);
      if (!match) {
        return sendError(response, 404, { message: 'Not found' });
      }
      if (!user && !match.open) {
        return sendError(response, 401, UNAUTHORIZED);
      }
      await match.handle({ request, response, url, user, state }, match.params);
    } catch (error) {
      if (response.headersSent) {
        response.destroy();
      } else if (error instanceof URIError) {
        sendJson(response, 400, { message: 'The address is not valid percent-encoding' });
      } else {
        console.error('workbench:', request.method, request.url, error);
        sendJson(response, 500, { message: error instanceof Error ? error.message : String(error) });
      }
    }
  };
}
