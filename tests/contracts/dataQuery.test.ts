import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Workbench } from '../../workbench/src/server';
import { startFixtureWorkbench } from '../../workbench/tests/servers/fixtureWorkbench';
import { freePort, startPrometheus, type RunningServer } from '../../workbench/tests/servers/prometheus';
import { startRecordedLoki, type RecordedLoki } from './recordedLoki';
import { recorded } from './recorded';
import { replay } from './replay';
import { shapeDifferences } from './shape';

/** The time around which the exchanges were recorded, in seconds. */
const RECORDED_AT = 1_795_288_459;
const SAMPLES_FROM = RECORDED_AT - 900;
const SAMPLES_TO = RECORDED_AT + 3600;

/** What the recorded Prometheus had: itself as the only target, and a counter. */
function samples(): string {
  const lines = ['# TYPE up gauge'];
  const times = Array.from({ length: (SAMPLES_TO - SAMPLES_FROM) / 15 }, (_, i) => SAMPLES_FROM + i * 15);
  lines.push(...times.map((at) => `up{instance="127.0.0.1:9095",job="prometheus"} 1 ${at}`));
  lines.push('# TYPE prometheus_http_requests counter');
  lines.push(
    ...times.map(
      (at, i) =>
        `prometheus_http_requests_total{code="200",handler="/",instance="127.0.0.1:9095",job="prometheus"} ${i * 3} ${at}`
    )
  );
  return [...lines, '# EOF', ''].join('\n');
}

let prometheus: RunningServer;
let loki: RecordedLoki;
let workbench: Workbench;

beforeAll(async () => {
  [prometheus, loki] = await Promise.all([startPrometheus({ past: samples() }), startRecordedLoki()]);
  workbench = await startFixtureWorkbench({ PROMETHEUS_URL: prometheus.url, LOKI_URL: loki.url });
});
afterAll(async () => {
  await workbench?.close();
  await Promise.all([prometheus?.stop(), loki?.stop()]);
});

describe('equal to the recorded answer, values and all', () => {
  test.each([
    'query-prometheus-instant',
    'query-prometheus-empty',
    'query-prometheus-nan-and-inf',
    'query-prometheus-one-of-two-fails',
    'query-unknown-datasource',
    'query-loki-syntax-error',
    'viewer-query',
    'past-prometheus-before-data',
    'past-prometheus-time-function',
    'past-instant-and-range',
    'past-unparsable-to',
    'past-loki-instant-before-data',
    'past-loki-instant-now',
  ])('%s', async (name) => {
    const exchange = recorded('grafana-12.2.0', name);
    const answer = await replay(workbench.url, exchange);
    expect(answer.body).toEqual(exchange.response.body);
    expect(answer.status).toBe(exchange.response.status);
    expect(answer.contentType).toBe(exchange.response.contentType);
  });
});

describe('in the recorded shape', () => {
  test.each([
    'query-prometheus-range',
    'query-mixed-datasources',
    'query-loki-instant',
    'query-loki-logs',
    'past-loki-instant-20m-ago',
    'past-loki-instant-25m-ago',
    'past-loki-logs-in-window',
    'past-relative-strings',
    'past-query-timerange-per-query',
    'past-prometheus-counter-now',
  ])('%s', async (name) => {
    const exchange = recorded('grafana-12.2.0', name);
    const answer = await replay(workbench.url, exchange);
    expect(shapeDifferences(exchange.response.body, answer.body)).toEqual([]);
    expect(answer.status).toBe(exchange.response.status);
    expect(answer.contentType).toBe(exchange.response.contentType);
  });
});

type Frames = {
  results: Record<
    string,
    { error?: string; status: number; frames?: Array<{ schema: unknown; data: { values: unknown[][] } }> }
  >;
};

test('log lines carry the recorded labels, their kinds, times and order', async () => {
  const exchange = recorded('grafana-12.2.0', 'past-loki-logs-in-window');
  const values = (body: unknown) => (body as Frames).results['A']?.frames?.[0]?.data.values.slice(0, 5);
  expect(values((await replay(workbench.url, exchange)).body)).toEqual(values(exchange.response.body));
});

test('the instant of a Loki query is the exact "to", in nanoseconds', async () => {
  await replay(workbench.url, recorded('grafana-12.2.0', 'past-loki-instant-20m-ago'));
  expect(loki.asked.at(-1)?.searchParams.get('time')).toBe('1795289973429000000');
});

test('the range of a Prometheus query is aligned to the step, as recorded', async () => {
  const exchange = recorded('grafana-12.2.0', 'query-prometheus-range');
  const times = (body: unknown) => (body as Frames).results['A']?.frames?.[0]?.data.values[0];
  expect(times((await replay(workbench.url, exchange)).body)).toEqual(times(exchange.response.body));
});

test('"now" and a per-query time range that is ignored', async () => {
  const before = Date.now();
  const { body } = await replay(workbench.url, recorded('grafana-12.2.0', 'past-query-timerange-per-query'));
  const at = Number((body as Frames).results['A']?.frames?.[0]?.data.values[0]?.[0]);
  expect(at).toBeGreaterThanOrEqual(before);
  expect(at).toBeLessThanOrEqual(Date.now());
});

test('a Prometheus that is gone is an error of its targets only, and never an empty answer', async () => {
  const gone = await startFixtureWorkbench({
    PROMETHEUS_URL: `http://127.0.0.1:${await freePort()}`,
    LOKI_URL: loki.url,
  });
  try {
    const exchange = recorded('grafana-12.2.0', 'query-mixed-datasources');
    const { status, body } = await replay(gone.url, exchange);
    const { A, B } = (body as Frames).results;
    expect(status).toBe(400);
    expect(A?.error).toMatch(/connection refused/);
    expect(A?.status).toBe(502);
    expect(B?.status).toBe(200);
    expect(B?.frames).toHaveLength(1);
  } finally {
    await gone.close();
  }
});

test('without an address Loki is not a data source', async () => {
  const without = await startFixtureWorkbench({ PROMETHEUS_URL: prometheus.url });
  try {
    const { status, body } = await replay(without.url, recorded('grafana-12.2.0', 'query-loki-instant'));
    expect(status).toBe(404);
    expect(body).toEqual({ message: 'Data source not found' });
  } finally {
    await without.close();
  }
});

test('macros are filled in as by the backend', async () => {
  const ask = (expr: string) =>
    replay(workbench.url, {
      request: {
        method: 'POST',
        path: '/api/ds/query',
        body: {
          from: String((RECORDED_AT - 300) * 1000),
          to: String(RECORDED_AT * 1000),
          queries: [
            {
              refId: 'A',
              datasource: { uid: 'prometheus' },
              expr,
              instant: true,
              intervalMs: 15_000,
              maxDataPoints: 100,
            },
          ],
        },
      },
    });
  const { body } = await ask('sum(rate(prometheus_http_requests_total[$__rate_interval])) + 0 * $__interval_ms');
  const frame = (body as Frames).results['A']?.frames?.[0];
  expect(JSON.stringify(frame?.schema)).toContain('sum(rate(prometheus_http_requests_total[60000ms])) + 0 * 15000');
  expect(frame?.data.values[1]?.[0]).toBeCloseTo(0.2, 5);
});
