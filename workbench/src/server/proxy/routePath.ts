import type { PluginRoute } from '../plugin/pluginJson';

/**
 * The first route that fits the path and the verb; a route whose check fails is not passed over. A path is exact unless
 * it ends in `*`, and `diagnostics/*` fits neither `diagnostics` nor `diagnostics/`.
 *
 * @param path what follows `/api/plugin-proxy/<id>/`, decoded
 * @returns the route and what its `*` stands for, without a trailing slash
 */
export function findRoute(
  routes: PluginRoute[],
  method: string,
  path: string
): { route: PluginRoute; rest: string } | undefined {
  for (const route of routes) {
    if (route.method && route.method !== '*' && route.method !== method) {
      continue;
    }
    const rest = restOf(route.path, path);
    if (rest !== undefined) {
      return { route, rest };
    }
  }
  return undefined;
}

function restOf(routePath: string, path: string): string | undefined {
  const wanted = routePath.replace(/^\/+/, '');
  const asked = path.replace(/\/+$/, '');
  if (!wanted.endsWith('*')) {
    return asked === wanted.replace(/\/+$/, '') ? '' : undefined;
  }
  const prefix = wanted.slice(0, -1);
  const rest = asked.slice(prefix.length);
  return asked.startsWith(prefix) && rest !== '' ? rest : undefined;
}

/** Joins a route's address and the rest as Go does, and escapes the path as Go does. */
export function upstreamPath(base: string, rest: string): string {
  const joined = rest === '' ? base : `${base.replace(/\/$/, '')}/${rest.replace(/^\//, '')}`;
  return escapePath(joined) || '/';
}

/** Go keeps `$&+,/:;=@` in a path and escapes `!'()*`; `encodeURIComponent` does the opposite. */
function escapePath(path: string): string {
  return encodeURIComponent(path)
    .replace(/%(24|26|2B|2C|2F|3A|3B|3D|40)/g, (escaped) => decodeURIComponent(escaped))
    .replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}
