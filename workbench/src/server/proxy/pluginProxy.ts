import type { OutgoingHttpHeaders } from 'node:http';
import { sendError, type Exchange } from '../http/exchange';
import type { PluginRoute } from '../plugin/pluginJson';
import { may } from '../users/permissions';
import { hasRole, type User } from '../users/users';
import { endToEnd, forward } from './forward';
import { grafanaContext, idToken } from './identity';
import { findRoute, upstreamPath } from './routePath';
import { fillTemplate } from './template';

/** Never reach the service: whoever calls is told to it by Grafana's own headers. */
const STRIPPED = ['cookie', 'authorization', 'origin', 'referer', 'host', 'x-grafana-context', 'x-grafana-id'];

/** Answers `/api/plugin-proxy/<id>/<path>` as Grafana 12.2 does for app plugins. */
export async function pluginProxy(
  { request, response, url, user, state }: Exchange,
  pluginId: string,
  rawPath: string
): Promise<void> {
  if (!user) {
    throw new Error('the plugin proxy is not open');
  }
  const { plugin, settings } = state;
  if (pluginId !== plugin.id) {
    return sendError(response, 404, { message: 'Plugin not found' });
  }
  if (!settings.enabled) {
    return sendError(response, 404, { message: 'Plugin is not enabled' });
  }
  const found = findRoute(plugin.routes ?? [], request.method ?? 'GET', decodeURIComponent(rawPath));
  if (!found) {
    return sendError(response, 404, { message: 'plugin route match not found' });
  }
  const { route, rest } = found;
  if (!mayUse(route, user, state.plugin)) {
    return sendError(response, 403, { message: 'plugin proxy route access denied' });
  }
  const origin = addressOf(fillTemplate(route.url, settings));
  if (!origin) {
    response.writeHead(502);
    response.end();
    return;
  }
  const headers = upstreamHeaders(request.headers, user, url.origin, request.socket.remoteAddress);
  for (const { name, content } of route.headers ?? []) {
    headers[name.toLowerCase()] = fillTemplate(content, settings);
  }
  // Go drops last what the client calls its connection's own, also what Grafana has just set.
  for (const name of (request.headers.connection ?? '').split(',')) {
    delete headers[name.trim().toLowerCase()];
  }
  const body = route.body === undefined ? undefined : fillTemplate(JSON.stringify(route.body), settings);
  if (body !== undefined) {
    headers['content-length'] = Buffer.byteLength(body);
  }
  await forward(request, response, {
    origin,
    path: upstreamPath(decodeURIComponent(origin.pathname), rest) + url.search,
    headers,
    body,
    answerHeaders: { 'Cache-Control': 'no-store', 'Content-Security-Policy': 'sandbox' },
  });
}

/** `reqAction` overrides `reqRole`; with neither, everybody who has the app passes. */
function mayUse(route: PluginRoute, user: User, plugin: Parameters<typeof may>[1]): boolean {
  if (route.reqAction) {
    return may(user, plugin, route.reqAction);
  }
  return !route.reqRole || hasRole(user, route.reqRole);
}

function addressOf(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url && /^https?:$/.test(url.protocol) ? url : undefined;
}

function upstreamHeaders(from: OutgoingHttpHeaders, user: User, origin: string, client = ''): OutgoingHttpHeaders {
  const kept = Object.fromEntries(Object.entries(endToEnd(from)).filter(([name]) => !STRIPPED.includes(name)));
  const now = Date.now();
  return {
    ...kept,
    'x-forwarded-for': [from['x-forwarded-for'], client, client].filter(Boolean).join(', '),
    'x-grafana-context': grafanaContext(user, now),
    'x-grafana-id': idToken(user, origin, now),
    'x-grafana-referer': from['referer'] ?? '',
  };
}
