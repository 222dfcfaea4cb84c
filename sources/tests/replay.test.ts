import { describe, expect, it } from 'vitest';
import type { Reading } from '@live-runbooks/engine';
import { fakeAsk, NOW, planned, planOf, readingsOf, recorded, sourcesWith, targetsOf } from './recorded';

type SampleList = Extract<Reading, { kind: 'samples' }>['samples'];
const UP = { __name__: 'up', instance: '127.0.0.1:9095', job: 'prometheus' };

function samples(...list: SampleList): Reading {
  return { kind: 'samples', samples: list, askedAt: NOW, tookMs: 0 };
}

/** Replays one recorded answer against the plan that asks the same queries at the same instant. */
async function replay(name: string): Promise<Record<string, Reading>> {
  const { request, response } = recorded(name);
  const at = Number(request.body?.to);
  const queries = request.body?.queries ?? [];
  const source = name.includes('loki') ? 'loki' : 'prometheus';
  const ask = fakeAsk(() => response);
  // `now` lies after every recording, so that `at` is always the past or the present.
  const sources = sourcesWith(ask, { now: () => Math.max(NOW, at) });
  const plan = planOf(...queries.map(({ refId, expr }) => planned({ id: refId, source, expr })));
  const readings = await readingsOf(sources, plan, at);
  expect(targetsOf(ask.requests[0]!).map((target) => target.expr)).toEqual(queries.map((query) => query.expr));
  return Object.fromEntries(Object.entries(readings).map(([id, reading]) => [id, { ...reading, askedAt: NOW }]));
}

describe('recorded answers of /api/ds/query', () => {
  it.each<[string, Record<string, Reading>]>([
    ['query-prometheus-instant', { up: samples({ value: 1, labels: UP }), sum: samples({ value: 1, labels: {} }) }],
    ['query-prometheus-empty', { none: samples() }],
    [
      'query-prometheus-nan-and-inf',
      { nan: samples({ value: NaN, labels: {} }), inf: samples({ value: Infinity, labels: {} }) },
    ],
    ['viewer-query', { A: samples({ value: 1, labels: UP }) }],
    ['past-prometheus-before-data', { A: samples() }],
    ['past-prometheus-time-function', { A: samples({ value: 1795289973.552, labels: {} }) }],
    ['past-loki-instant-before-data', { A: samples() }],
    ['past-loki-instant-now', { A: samples() }],
    [
      'past-prometheus-alerts-series',
      {
        A: samples({
          value: 1,
          labels: {
            __name__: 'ALERTS',
            alertname: 'AlwaysFiring',
            alertstate: 'firing',
            service: 'gorax-api',
            severity: 'critical',
          },
        }),
      },
    ],
    [
      'query-loki-instant',
      { A: samples({ value: 5, labels: { level: 'ERROR' } }, { value: 5, labels: { level: 'INFO' } }) },
    ],
  ])('%s', async (name, expected) => {
    expect(await replay(name)).toEqual(expected);
  });

  it.each([
    ['past-prometheus-counter-20m-ago', 601],
    ['past-prometheus-counter-10m-ago', 927],
    ['past-prometheus-counter-now', 1313],
  ])('%s has the value of that instant', async (name, value) => {
    const { A } = await replay(name);
    expect(A).toMatchObject({ kind: 'samples', samples: [{ value }] });
  });

  it.each([
    ['past-loki-instant-20m-ago', 8],
    ['past-loki-instant-25m-ago', 12],
  ])('%s counts the errors of that window', async (name, value) => {
    const { A } = await replay(name);
    expect(A).toMatchObject({
      kind: 'samples',
      samples: expect.arrayContaining([{ value, labels: { level: 'ERROR' } }]),
    });
  });

  it('keeps the good frames beside a failing target in an HTTP 400', async () => {
    expect(await replay('query-prometheus-one-of-two-fails')).toEqual({
      good: samples({ value: 1, labels: UP }),
      bad: {
        kind: 'failure',
        reason: 'query-error',
        detail:
          'bad_data: invalid parameter "query": 1:6: parse error: expected type range vector in call to function "rate", got instant vector',
        mend: 'Correct the PromQL of gorax/bad or the parameters in it; Prometheus refuses it.',
        askedAt: NOW,
        tookMs: 0,
      },
    });
  });

  it('a syntax error of LogQL, in a result without frames', async () => {
    expect(await replay('query-loki-syntax-error')).toEqual({
      A: {
        kind: 'failure',
        reason: 'query-error',
        detail: 'parse error at line 1, col 22: syntax error: unexpected $end, expecting STRING or ip',
        mend: 'Correct the LogQL of gorax/A or the parameters in it; Loki refuses it.',
        askedAt: NOW,
        tookMs: 0,
      },
    });
  });

  it('an unknown data source is not configured', async () => {
    expect(await replay('query-unknown-datasource')).toEqual({
      A: {
        kind: 'failure',
        reason: 'not-configured',
        detail: 'HTTP 404: Data source not found',
        mend: `There is no data source (uid “prometheus”) for Prometheus: choose an existing one on the app's configuration page.`,
        askedAt: NOW,
        tookMs: 0,
      },
    });
  });

  it.each(['query-loki-logs', 'past-loki-logs-in-window'])('%s: log lines are not numbers', async (name) => {
    expect(await replay(name)).toMatchObject({
      A: { kind: 'failure', reason: 'query-error', detail: expect.stringContaining('holds no numbers') },
    });
  });

  it('a series where one value was asked for is refused', async () => {
    expect(await replay('past-instant-and-range')).toMatchObject({
      A: { kind: 'failure', reason: 'query-error', detail: expect.stringContaining('a series over time') },
    });
  });

  it('a sample of another time than asked is stale', async () => {
    // Grafana answered an unparsable `to` for the year 1970.
    const { response } = recorded('past-unparsable-to');
    const readings = await readingsOf(
      sourcesWith(fakeAsk(() => response)),
      planOf(planned({ id: 'A', source: 'prometheus', expr: 'vector(time())' }))
    );
    expect(readings.A).toEqual({
      kind: 'failure',
      reason: 'stale',
      detail: 'asked for 2026-11-21T19:14:19.000Z, answered for 1970-01-01T00:00:00.000Z',
      mend: 'Check the clocks of Prometheus, Grafana and whatever caches between them.',
      askedAt: NOW,
      tookMs: 0,
    });
  });

  it('a frame without a time field still counts (server-side expressions)', async () => {
    const { A, C } = await replay('past-expr-threshold');
    expect([A, C]).toEqual([samples({ value: 1, labels: UP }), samples({ value: 1, labels: UP })]);
  });

  it('reads both sources of a mixed answer', async () => {
    const { response } = recorded('query-mixed-datasources');
    const readings = await readingsOf(
      sourcesWith(fakeAsk(() => response)),
      planOf(planned({ id: 'A', source: 'prometheus', expr: 'up' }), planned({ id: 'B', source: 'loki', expr: 'x' }))
    );
    expect(readings).toEqual({ A: samples({ value: 1, labels: UP }), B: samples({ value: 10, labels: {} }) });
  });
});

describe('what is sent', () => {
  it('asks Prometheus for an instant at `at`, as the recorded request did', async () => {
    const { request, response } = recorded('past-prometheus-counter-20m-ago');
    const at = Number(request.body?.to);
    const ask = fakeAsk(() => response);
    const expr = request.body!.queries[0]!.expr;
    await readingsOf(
      sourcesWith(ask, { now: () => at + 1_200_000 }),
      planOf(planned({ id: 'A', source: 'prometheus', expr })),
      at
    );
    expect(ask.requests).toEqual([{ method: 'POST', url: '/api/ds/query', body: request.body }]);
  });

  it('asks Loki with queryType instant, as the recorded request did', async () => {
    const { request, response } = recorded('past-loki-instant-20m-ago');
    const at = Number(request.body?.to);
    const ask = fakeAsk(() => response);
    const expr = request.body!.queries[0]!.expr;
    await readingsOf(
      sourcesWith(ask, { now: () => at + 1_200_000 }),
      planOf(planned({ id: 'A', source: 'loki', expr })),
      at
    );
    expect(ask.requests).toEqual([{ method: 'POST', url: '/api/ds/query', body: request.body }]);
  });
});
