import type { BackendSrvRequest } from '@grafana/runtime';

/** Grafana's request options as a `Request`: repeated params, JSON or form bodies, the organisation's header. */
export function toHttpRequest(options: BackendSrvRequest, signal: AbortSignal): Request {
  const url = new URL(
    /^https?:/.test(options.url) ? options.url : options.url.replace(/^\/?/, '/'),
    window.location.origin
  );
  for (const [name, value] of Object.entries(options.params ?? {})) {
    for (const item of [value].flat()) {
      if (item !== undefined && item !== null) {
        url.searchParams.append(name, String(item));
      }
    }
  }
  const headers = new Headers(options.headers as HeadersInit | undefined);
  headers.set('X-Grafana-Org-Id', '1');
  const method = options.method ?? 'GET';
  return new Request(url, { method, headers, signal, credentials: options.credentials, body: body(options, headers) });
}

function body({ data, method }: BackendSrvRequest, headers: Headers): BodyInit | undefined {
  if (data === undefined || data === null || !method || method === 'GET' || method === 'HEAD') {
    return undefined;
  }
  if (headers.get('Content-Type')?.includes('x-www-form-urlencoded')) {
    return new URLSearchParams(data).toString();
  }
  if (typeof data === 'string' || data instanceof FormData || data instanceof Blob) {
    return data;
  }
  headers.set('Content-Type', 'application/json');
  return JSON.stringify(data);
}

/**
 * The body as asked for, as Grafana 12.2 reads it: JSON when the answer says that it is JSON, and then broken JSON throws;
 * without a type it is JSON where it parses, else text.
 *
 * @throws SyntaxError when an answer that says it is JSON is none
 */
export async function readBody(response: Response, wanted?: BackendSrvRequest['responseType']): Promise<unknown> {
  const isJson = response.headers.get('Content-Type')?.toLowerCase().startsWith('application/json');
  switch (wanted ?? (isJson ? 'json' : undefined)) {
    case 'arraybuffer':
      return response.arrayBuffer();
    case 'blob':
      return response.blob();
    case 'text':
      return response.text();
    case 'json':
      return response.headers.get('Content-Length') === '0' ? {} : response.json();
    default:
      return jsonOrText(await response.text());
  }
}

function jsonOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
