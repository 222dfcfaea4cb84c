import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { recorded } from './recorded';
import type { RunningServer } from '../../workbench/tests/servers/prometheus';

interface GrafanaFrame {
  schema: { fields: Array<{ labels?: Record<string, string> }> };
  data: { values: unknown[][] };
}

export interface RecordedLoki extends RunningServer {
  /** The requests that came in, latest last. */
  asked: URL[];
  /** Whether the ruler is on. */
  ruler: boolean;
}

/**
 * Stands in for Loki: it answers as the recorded Loki did, and for the queries that were recorded at Grafana it answers
 * what Grafana must have been given.
 */
export async function startRecordedLoki(): Promise<RecordedLoki> {
  const loki: RecordedLoki = { url: '', asked: [], ruler: true, stop: async () => {} };
  const server = http.createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://loki');
    loki.asked.push(url);
    const { status, type, body } = answer(url, loki.ruler);
    response.writeHead(status, { 'Content-Type': type });
    response.end(typeof body === 'string' ? body : JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  loki.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  loki.stop = () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return loki;
}

function answer(url: URL, ruler: boolean): { status: number; type: string; body: unknown } {
  const json = 'application/json; charset=UTF-8';
  if (url.pathname === '/prometheus/api/v1/rules') {
    return ruler
      ? { status: 200, type: json, body: recorded('loki', 'ruler-rules').response.body }
      : { status: 404, type: 'text/plain', body: '404 page not found\n' };
  }
  const query = url.searchParams.get('query') ?? '';
  const at = Number(url.searchParams.get('time') ?? url.searchParams.get('end')) / 1e6;
  if (query.endsWith('|= ')) {
    const { status, body } = recorded('loki', 'error-syntax').response;
    return { status, type: 'text/plain; charset=utf-8', body };
  }
  const name = EXCHANGES.find((each) => asksFor(each, query, at));
  const frames = name ? framesOf(name) : [];
  if (query.startsWith('{')) {
    return { status: 200, type: json, body: success('streams', frames.flatMap(toStreams)) };
  }
  if (url.pathname.endsWith('query_range')) {
    return { status: 200, type: json, body: recorded('loki', 'metric-range').response.body };
  }
  return { status: 200, type: json, body: success('vector', frames.map(toVector)) };
}

/** The exchanges at Grafana whose Loki is played. */
const EXCHANGES = [
  'query-loki-instant',
  'query-loki-logs',
  'query-mixed-datasources',
  'past-loki-instant-20m-ago',
  'past-loki-instant-25m-ago',
  'past-loki-instant-before-data',
  'past-loki-instant-now',
  'past-loki-logs-in-window',
];

function asksFor(name: string, query: string, at: number): boolean {
  const body = recorded('grafana-12.2.0', name).request.body as { to: string; queries: Array<{ expr: string }> };
  return Number(body.to) === at && body.queries.some((each) => each.expr === query);
}

function framesOf(name: string): GrafanaFrame[] {
  const { request, response } = recorded('grafana-12.2.0', name);
  const { queries } = request.body as { queries: Array<{ refId: string; datasource: { type: string } }> };
  const refId = queries.find((each) => each.datasource.type === 'loki')?.refId ?? '';
  return (response.body as { results: Record<string, { frames?: GrafanaFrame[] }> }).results[refId]?.frames ?? [];
}

const success = (resultType: string, result: unknown[]) => ({
  status: 'success',
  data: { resultType, result, stats: {} },
});

function toVector({ schema, data }: GrafanaFrame) {
  const [times = [], values = []] = data.values;
  return { metric: schema.fields[1]?.labels ?? {}, value: [Number(times[0]) / 1000, String(values[0])] };
}

/** One stream for each line, its labels divided by their kinds as `categorize-labels` does. */
function toStreams({ data }: GrafanaFrame) {
  const [labels = [], , lines = [], nanoseconds = [], kinds = []] = data.values as [
    Array<Record<string, string>>,
    number[],
    string[],
    string[],
    Array<Record<string, string>>,
  ];
  return lines.map((line, i) => {
    const ofKind = (kind: string) =>
      Object.fromEntries(Object.entries(labels[i] ?? {}).filter(([label]) => kinds[i]?.[label] === kind));
    return {
      stream: ofKind('I'),
      values: [[nanoseconds[i], line, { structuredMetadata: ofKind('S'), parsed: ofKind('P') }]],
    };
  });
}
