import type { Exchange } from './recorded';

/** The plugin that the exchanges were recorded with, and the one that stands in for it here. */
const RECORDED_PLUGIN = 'triage-troubleshooting-app';
export const PLUGIN = 'workbench-fixture-app';

interface Answer {
  status: number;
  contentType: string | null;
  headers: Headers;
  body: unknown;
}

/** Sends a recorded request to the workbench as the recorded user; a JSON body is parsed. */
export async function replay(url: string, { request }: Pick<Exchange, 'request'>): Promise<Answer> {
  const body = request.body === undefined ? undefined : JSON.stringify(request.body);
  const response = await fetch(url + request.path.replaceAll(RECORDED_PLUGIN, PLUGIN), {
    method: request.method,
    body,
    redirect: 'manual',
    headers: {
      cookie: `workbench_as=${request.as ?? 'admin'}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
  });
  const text = await response.text();
  return {
    status: response.status,
    contentType: response.headers.get('content-type'),
    headers: response.headers,
    body: parsed(text),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
