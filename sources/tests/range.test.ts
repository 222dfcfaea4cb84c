import { describe, expect, it } from 'vitest';
import { fakeAsk, NOW, planned, recorded, sourcesWith } from './recorded';

const A = planned({ id: 'A', source: 'prometheus', expr: 'sum(rate(prometheus_http_requests_total[1m]))' });

describe('range', () => {
  it('asks as the recorded request did, and reads its series', async () => {
    const { request, response } = recorded('query-prometheus-range');
    const ask = fakeAsk(() => response);
    const reading = await sourcesWith(ask).range(A, NOW - 300_000, NOW, 5);
    expect(ask.requests).toEqual([{ method: 'POST', url: '/api/ds/query', body: request.body }]);
    expect(reading).toEqual({
      kind: 'series',
      series: [
        {
          labels: {},
          points: [
            [1795288140000, 0.19998545560322886],
            [1795288200000, 0.2000181834712247],
            [1795288260000, 0.23634215071357148],
            [1795288320000, 0.19998545560322886],
            [1795288380000, 0.19999999999999998],
            [1795288440000, 0.27273719044328887],
          ],
        },
      ],
      askedAt: NOW,
      tookMs: 0,
    });
  });

  it('asks Loki for a range, with a step of at least a second', async () => {
    const ask = fakeAsk(() => ({ status: 200, body: { results: { L: { status: 200 } } } }));
    const query = planned({ id: 'L', source: 'loki', expr: 'sum(count_over_time({app="x"}[1m]))' });
    expect(await sourcesWith(ask).range(query, NOW - 10_000, NOW, 100)).toMatchObject({ kind: 'series', series: [] });
    expect(ask.requests[0]?.body).toEqual({
      from: String(NOW - 10_000),
      to: String(NOW),
      queries: [
        {
          refId: 'L',
          datasource: { type: 'loki', uid: 'loki' },
          expr: query.expr,
          intervalMs: 1_000,
          maxDataPoints: 100,
          queryType: 'range',
        },
      ],
    });
  });

  it('a gap is NaN, infinities are kept', async () => {
    const frame = {
      schema: {
        meta: { type: 'timeseries-multi' },
        fields: [
          { name: 'Time', type: 'time' },
          { name: 'Value', type: 'number', labels: { job: 'x' } },
        ],
      },
      data: {
        values: [
          [1, 2, 3, 4],
          [5, null, null, null],
        ],
        entities: [null, { NaN: [1], Inf: [2] }],
      },
    };
    const ask = fakeAsk(() => ({ status: 200, body: { results: { A: { status: 200, frames: [frame] } } } }));
    expect(await sourcesWith(ask).range(A, 1, 4, 4)).toMatchObject({
      series: [
        {
          labels: { job: 'x' },
          points: [
            [1, 5],
            [2, NaN],
            [3, Infinity],
            [4, NaN],
          ],
        },
      ],
    });
  });

  it.each([
    ['no data source', { prometheusUid: undefined }, A, NOW, 'not-configured'],
    ['a diagnostics check', {}, { ...A, source: 'diagnostics' as const }, NOW, 'not-applicable'],
    ['an end before its start', {}, A, NOW - 400_000, 'query-error'],
    ['no time', {}, A, NaN, 'query-error'],
  ])('%s asks nothing', async (_, options, query, to, reason) => {
    const ask = fakeAsk(() => ({ status: 200, body: {} }));
    expect(await sourcesWith(ask, options).range(query, NOW - 300_000, to, 10)).toMatchObject({
      kind: 'failure',
      reason,
    });
    expect(ask.requests).toEqual([]);
  });

  it('a failing query says why', async () => {
    const { response } = recorded('query-prometheus-one-of-two-fails');
    const bad = { ...A, id: 'bad' };
    expect(await sourcesWith(fakeAsk(() => response)).range(bad, 1, NOW, 10)).toMatchObject({
      kind: 'failure',
      reason: 'query-error',
      detail: expect.stringContaining('parse error'),
    });
  });

  it('logs instead of numbers are a failure', async () => {
    const { response } = recorded('query-loki-logs');
    expect(await sourcesWith(fakeAsk(() => response)).range({ ...A, source: 'loki' }, 1, NOW, 10)).toMatchObject({
      kind: 'failure',
      detail: expect.stringContaining('no series of numbers'),
    });
  });

  it('is aborted through its signal', async () => {
    const controller = new AbortController();
    let signal: AbortSignal | undefined;
    const pending = sourcesWith((_, given) => {
      signal = given;
      return new Promise(() => undefined);
    }).range(A, 1, NOW, 10, controller.signal);
    controller.abort();
    expect(await pending).toMatchObject({ kind: 'failure', reason: 'cancelled' });
    expect(signal?.aborted).toBe(true);
  });

  it('asks nothing when its signal is aborted already', async () => {
    const ask = fakeAsk(() => ({ status: 200, body: {} }));
    expect(await sourcesWith(ask).range(A, 1, NOW, 10, AbortSignal.abort())).toMatchObject({ reason: 'cancelled' });
    expect(ask.requests).toEqual([]);
  });
});
