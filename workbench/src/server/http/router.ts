import type { Handler, Route } from './exchange';

interface Match {
  handle: Handler;
  params: Record<string, string>;
  open: boolean;
}

/**
 * Finds the first route that fits a method and a raw path (as it came over the wire, still percent-encoded).
 *
 * @throws URIError when a parameter is not valid percent-encoding
 */
export function createRouter(routes: Route[]): (method: string, rawPath: string) => Match | undefined {
  const compiled = routes.map((route) => ({ route, segments: route.path.split('/').slice(1) }));
  return (method, rawPath) => {
    const parts = rawPath.split('/').slice(1);
    for (const { route, segments } of compiled) {
      // node leaves the body of a HEAD answer out by itself
      const asked = method === 'HEAD' && route.method === 'GET' ? 'GET' : method;
      const params = route.method === '*' || route.method === asked ? fit(segments, parts) : undefined;
      if (params) {
        return { handle: route.handle, params, open: route.open ?? false };
      }
    }
    return undefined;
  };
}

function fit(segments: string[], parts: string[]): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  for (const [i, segment] of segments.entries()) {
    if (segment === '*') {
      return { ...params, '*': parts.slice(i).join('/') };
    }
    const part = parts[i];
    if (
      part === undefined ||
      (!segment.startsWith(':') && segment !== part) ||
      (segment.startsWith(':') && part === '')
    ) {
      return undefined;
    }
    if (segment.startsWith(':')) {
      params[segment.slice(1)] = decodeURIComponent(part);
    }
  }
  return parts.length === segments.length ? params : undefined;
}
