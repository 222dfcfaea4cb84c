import { sendJson, type Handler, type Route } from '../http/exchange';
import type { DataSource } from '../provisioning/dataSources';
import { resourcesPath } from '../provisioning/dataSourceTypes';
import { endToEnd, forward } from '../proxy/forward';

/** `resources/…` goes through the data source's backend, `proxy/…` straight to its address; both end at its HTTP API. */
export const dataSourceResourcesRoute: Route = {
  method: '*',
  path: '/api/datasources/uid/:uid/resources/*',
  handle: forwardTo((source) => resourcesPath(source.type)),
};

export const dataSourceProxyRoute: Route = {
  method: '*',
  path: '/api/datasources/proxy/uid/:uid/*',
  handle: forwardTo(() => ''),
};

function forwardTo(prefix: (source: DataSource) => string): Handler {
  return async ({ request, response, url, state }, { uid, '*': rest = '' }) => {
    const source = state.dataSources.find((each) => each.uid === uid);
    if (!source) {
      return sendJson(response, 404, { message: 'Data source not found' });
    }
    const origin = new URL(source.url);
    const { cookie: _cookie, authorization: _authorization, ...headers } = endToEnd(request.headers);
    await forward(request, response, {
      origin,
      path: `${origin.pathname.replace(/\/$/, '')}${prefix(source)}/${rest}${url.search}`,
      headers,
      answerHeaders: { 'Cache-Control': 'no-store', 'Content-Security-Policy': 'sandbox' },
    });
  };
}
