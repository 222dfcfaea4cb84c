import type { Ask } from './ask';

/**
 * An `Ask` over `fetch`, for the command line and tests.
 * @param options.baseUrl Grafana's root, with its sub path if it has one: `http://127.0.0.1:3000`.
 * @param options.headers Sent with every request, e.g. `Authorization` of a service account.
 */
export function createFetchAsk(options: {
  readonly baseUrl: string;
  readonly headers?: Readonly<Record<string, string>>;
}): Ask {
  const root = options.baseUrl.replace(/\/+$/, '');
  return async (request, signal) => {
    const query = request.params ? `?${new URLSearchParams(request.params).toString()}` : '';
    const response = await fetch(`${root}${request.url}${query}`, {
      method: request.method,
      headers: {
        accept: 'application/json',
        ...(request.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...request.headers,
        ...options.headers,
      },
      ...(request.body === undefined ? {} : { body: JSON.stringify(request.body) }),
      signal,
    });
    const text = await response.text();
    return { status: response.status, body: jsonOr(text) };
  };
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
