import { describe, expect, it } from 'vitest';
import type { Answer } from '../src';
import { answerEach, fakeAsk, frame, planned, planOf, readingsOf, recorded, sourcesWith } from './recorded';

const UP = planned({ id: 'up', source: 'prometheus', expr: 'up' });
const ERRORS = planned({ id: 'errors', source: 'loki', expr: 'sum(count_over_time({app="gorax-api"}[5m]))' });
const CONFIGURATION = "the app's configuration page";

async function read(body: unknown, status = 200) {
  const { up } = await readingsOf(sourcesWith(fakeAsk(() => ({ status, body }))), planOf(UP));
  return up;
}

describe('a data source that is not chosen', () => {
  it('is not configured, and nothing is asked', async () => {
    const ask = fakeAsk(() => ({ status: 200, body: {} }));
    const sources = sourcesWith(ask, { prometheusUid: undefined, lokiUid: '' });
    expect(await readingsOf(sources, planOf(UP, ERRORS))).toMatchObject({
      up: {
        kind: 'failure',
        reason: 'not-configured',
        detail: 'no Prometheus data source is chosen',
        mend: `Choose the Prometheus data source on ${CONFIGURATION}.`,
      },
      errors: { kind: 'failure', reason: 'not-configured', mend: `Choose the Loki data source on ${CONFIGURATION}.` },
    });
    expect(ask.requests).toEqual([]);
    expect(sources.requests()).toEqual({ sent: 0, running: 0 });
  });
});

describe('an HTTP answer without results', () => {
  it.each<[string, Answer, string, RegExp, RegExp]>([
    ['signed out', recorded('proxy-anonymous').response, 'no-permission', /HTTP 401: Unauthorized/, /Sign in/],
    [
      'forbidden',
      { status: 403, body: { message: "You'll need additional permissions" } },
      'no-permission',
      /HTTP 403/,
      /datasources:query.*uid “prometheus”/,
    ],
    [
      'missing',
      recorded('datasource-missing').response,
      'not-configured',
      /Data source not found/,
      /choose an existing one/,
    ],
    [
      '502 with an empty body',
      recorded('proxy-upstream-down').response,
      'query-error',
      /^Grafana asked Prometheus and got no answer \(HTTP 502\)$/,
      /cannot be reached from Grafana: start it/,
    ],
    ['503', { status: 503, body: 'overloaded' }, 'query-error', /HTTP 503: overloaded/, /cannot be reached/],
    ['504', { status: 504, body: '' }, 'timeout', /HTTP 504/, /took too long/],
    ['429', { status: 429, body: '' }, 'query-error', /HTTP 429/, /Too many requests/],
    [
      '500',
      { status: 500, body: { message: 'An error occurred' } },
      'query-error',
      /HTTP 500: An error occurred/,
      /server log/,
    ],
    [
      'HTML with 200',
      { status: 200, body: '<!DOCTYPE html><html><head><title>Sign in</title></head></html>' },
      'query-error',
      /an HTML page “Sign in”/,
      /^A sign-in page answered instead of Grafana: reload the page, and sign in/,
    ],
    [
      'HTML with 502',
      { status: 502, body: '<html><title>502 Bad Gateway</title></html>' },
      'query-error',
      /502 Bad Gateway/,
      /proxy/,
    ],
    [
      'HTML with 200 that is no sign-in page',
      { status: 200, body: '<html><title>Welcome</title></html>' },
      'query-error',
      /an HTML page “Welcome”/,
      /^A web page answered instead of Grafana: check the proxy/,
    ],
    [
      'half an answer',
      { status: 200, body: '{"results":{"up":{"frames":[{"sche' },
      'query-error',
      /^HTTP 200: broken JSON, 34 characters long$/,
      /^The answer was cut off or changed on its way: refresh/,
    ],
    [
      '502 with an object that says nothing, as of a data source that is down',
      { status: 502, body: { message: '', traceID: '' } },
      'query-error',
      /^Grafana asked Prometheus and got no answer \(HTTP 502\)$/,
      /cannot be reached from Grafana: start it/,
    ],
    ['text with 200', { status: 200, body: 'hello' }, 'query-error', /HTTP 200: hello/, /not an answer of Grafana/],
    ['204', { status: 204, body: '' }, 'query-error', /HTTP 204/, /not an answer of Grafana/],
    ['null', { status: 200, body: null }, 'query-error', /HTTP 200/, /not an answer of Grafana/],
  ])('%s', async (_, answer, reason, detail, mend) => {
    const reading = await read(answer.body, answer.status);
    expect(reading).toMatchObject({
      kind: 'failure',
      reason,
      detail: expect.stringMatching(detail),
      mend: expect.stringMatching(mend),
    });
  });
});

describe('a result that cannot be read is never an empty answer', () => {
  const result = (value: unknown) => ({ results: { up: value } });
  it.each<[string, unknown]>([
    ['no result for the query', { results: { other: { status: 200, frames: [] } } }],
    ['a result that is null', result(null)],
    ['no frames and no status', result({})],
    ['frames that are null', result({ status: 200, frames: null })],
    ['a frame that is null', result({ status: 200, frames: [null] })],
    ['a frame without data', result({ status: 200, frames: [{ schema: { fields: [] } }] })],
    ['values without fields', result({ status: 200, frames: [{ schema: { fields: [] }, data: { values: [[1]] } }] })],
    ['a missing value', result({ status: 200, frames: [frame(null)] })],
    ['a value that is text', result({ status: 200, frames: [frame('1' as unknown as number)] })],
    ['labels that are not text', result({ status: 200, frames: [frame(1, { code: 500 } as never)] })],
    [
      'columns of unequal length',
      result({
        status: 200,
        frames: [
          {
            schema: {
              fields: [
                { name: 'Time', type: 'time' },
                { name: 'Value', type: 'number' },
              ],
            },
            data: { values: [[1, 2], [1]] },
          },
        ],
      }),
    ],
    [
      'an error notice beside a good frame',
      result({
        status: 200,
        frames: [
          {
            schema: { meta: { notices: [{ severity: 'error', text: 'partial response' }] }, fields: [] },
            data: { values: [] },
          },
        ],
      }),
    ],
    ['a prototype member as a result', { results: Object.create({ up: { status: 200 } }) as object }],
  ])('%s', async (_, body) => {
    expect(await read(body)).toMatchObject({ kind: 'failure', reason: 'query-error' });
  });
});

describe('what the source itself says of a query', () => {
  it.each<[string, number | undefined, string, string, RegExp]>([
    ['a timeout of Prometheus', 503, 'timeout: query timed out in expression evaluation', 'timeout', /gave up/],
    ['a deadline of Grafana', 500, 'Post "http://prometheus:9090": context deadline exceeded', 'timeout', /gave up/],
    ['a gateway timeout', 504, 'upstream request timeout', 'timeout', /cannot reach its Prometheus.*within its time/],
    ['a bad gateway', 502, 'unexpected status code', 'query-error', /cannot reach its Prometheus/],
    [
      'a server that is gone, as Grafana 12.2 says it',
      502,
      'Post "http://prometheus:9090/api/v1/query": dial tcp 127.0.0.1:9090: connect: connection refused',
      'query-error',
      /data source \(uid “prometheus”\).* cannot reach its Prometheus: start it/,
    ],
    ['an unknown name', 400, 'dial tcp: lookup prom on 10.0.0.1:53: no such host', 'query-error', /cannot reach its/],
    ['a silent network', 400, 'dial tcp 10.1.1.1:9090: i/o timeout', 'timeout', /cannot reach its Prometheus/],
    ['a broken answer', 400, 'Post "http://prometheus:9090/api/v1/query": EOF', 'query-error', /cannot reach its/],
    ['refused credentials', 401, 'unauthorized', 'no-permission', /credentials/],
    [
      'a server that is down',
      500,
      'dial tcp 127.0.0.1:9090: connect: connection refused',
      'query-error',
      /start it, or correct its URL/,
    ],
    [
      'too many samples',
      422,
      'execution: query processing would load too many samples into memory',
      'query-error',
      /narrow its selector/,
    ],
    [
      'too many series of Loki',
      400,
      'maximum of series (500) reached for a single query',
      'query-error',
      /narrow its selector/,
    ],
    [
      'too many bytes of Loki',
      400,
      'the query would read too many bytes (query: 1.2TB, limit: 500GB); consider adding more specific stream selectors or reduce the time range of the query',
      'query-error',
      /narrow its selector/,
    ],
    [
      'too many entries of Loki',
      400,
      'max entries limit per query exceeded, limit > max_entries_limit_per_query (10000 > 5000)',
      'query-error',
      /narrow its selector/,
    ],
    [
      'too many chunks of Loki',
      400,
      'the query hit the max number of chunks limit (limit: 2000000 chunks)',
      'query-error',
      /narrow its selector/,
    ],
    [
      'too long a time for Loki',
      400,
      'the query time range exceeds the limit (query length: 1000h0m0s, limit: 721h)',
      'query-error',
      /narrow its selector/,
    ],
    ['a full queue of Loki', 429, 'too many outstanding requests', 'query-error', /wait a minute, then refresh/],
    ['a full queue, told as 500', 500, 'rpc error: too many outstanding requests', 'query-error', /wait a minute/],
    ['a limit of requests', 429, 'slow down', 'query-error', /wait a minute/],
    [
      'a duplicate series',
      422,
      'execution: found duplicate series for the match group',
      'query-error',
      /Correct the PromQL of gorax\/up/,
    ],
    ['a 502 without a word', 502, '', 'query-error', /cannot reach its Prometheus/],
    ['no status', undefined, 'boom', 'query-error', /Correct the PromQL/],
  ])('%s', async (_, status, error, reason, mend) => {
    expect(await read({ results: { up: { status, error } } }, 400)).toMatchObject({
      kind: 'failure',
      reason,
      mend: expect.stringMatching(mend),
    });
  });

  it('tells no credentials of an address', async () => {
    const error =
      'Post "http://grafana:hun%40ter2@prom:9090/api/v1/query": dial tcp 10.0.0.9:9090: connect: connection refused';
    const reading = await read({ results: { up: { status: 502, error } } }, 400);
    expect(JSON.stringify(reading)).not.toMatch(/hun|ter2|grafana:/);
    expect(reading).toMatchObject({ detail: expect.stringContaining('http://<removed>@prom:9090') });
  });

  it('an error beside frames is a failure', async () => {
    expect(await read({ results: { up: { error: 'broken', frames: [frame(0)] } } })).toMatchObject({
      kind: 'failure',
      detail: 'broken',
    });
  });

  it('a refused status beside frames is a failure', async () => {
    expect(await read({ results: { up: { status: 500, frames: [frame(0)] } } })).toMatchObject({ kind: 'failure' });
  });

  it('names the first signal and how many more read the query', async () => {
    const query = planned({ id: 'up', source: 'prometheus', expr: 'u p', signals: ['a/one', 'a/two', 'b/three'] });
    const ask = fakeAsk(() => ({ status: 400, body: { results: { up: { status: 400, error: 'parse error' } } } }));
    const { up } = await readingsOf(sourcesWith(ask), planOf(query));
    expect(up).toMatchObject({
      mend: 'Correct the PromQL of a/one (and 2 more) or the parameters in it; Prometheus refuses it.',
    });
  });

  it('removes secrets', async () => {
    const reading = await read(
      { results: { up: { status: 500, error: 'Get "http://admin:hunter2@prometheus:9090/x?token=abc123": refused' } } },
      400
    );
    expect(reading).toMatchObject({ detail: 'Get "http://<removed>@prometheus:9090/x?token=<removed>": refused' });
  });
});

describe('good answers of unusual shape', () => {
  it('a value that is there is not overruled by an entity', async () => {
    const odd = frame(7) as { data: object };
    const frames = [{ ...odd, data: { ...odd.data, entities: [null, { NaN: [0, 5] }] } }];
    expect(await read({ results: { up: { status: 200, frames } } })).toMatchObject({ samples: [{ value: 7 }] });
  });

  it('reads a wide frame and a long frame', async () => {
    const wide = {
      schema: {
        fields: [
          { name: 'a', type: 'number', labels: { job: 'a' } },
          { name: 'b', type: 'number', labels: { job: 'b' } },
        ],
      },
      data: { values: [[1], [2]], entities: [null, null] },
    };
    const long = {
      schema: {
        meta: { type: 'numeric-long' },
        fields: [
          { name: 'job', type: 'string' },
          { name: 'Value', type: 'number' },
        ],
      },
      data: {
        values: [
          ['c', 'd'],
          [3, null],
        ],
        entities: [null, { NegInf: [1] }],
      },
    };
    expect(await read({ results: { up: { status: 200, frames: [wide, long] } } })).toMatchObject({
      kind: 'samples',
      samples: [
        { value: 1, labels: { job: 'a' } },
        { value: 2, labels: { job: 'b' } },
        { value: 3, labels: { job: 'c' } },
        { value: -Infinity, labels: { job: 'd' } },
      ],
    });
  });
});

describe('a request without an answer', () => {
  it('that the network refuses', async () => {
    const sources = sourcesWith(() =>
      Promise.reject(new TypeError('fetch failed', { cause: new Error('connect ECONNREFUSED 127.0.0.1:3000') }))
    );
    expect((await readingsOf(sources, planOf(UP))).up).toMatchObject({
      reason: 'query-error',
      detail: 'Grafana could not be reached: fetch failed: connect ECONNREFUSED 127.0.0.1:3000',
      mend: 'Check the network between here and Grafana, then refresh.',
    });
  });

  it('that somebody else cancels', async () => {
    const sources = sourcesWith(() => Promise.reject(new DOMException('gone', 'AbortError')));
    expect((await readingsOf(sources, planOf(UP))).up).toMatchObject({
      reason: 'cancelled',
      mend: 'Refresh to ask again.',
    });
  });

  it('because the client throws', async () => {
    const sources = sourcesWith(() => {
      throw new Error('no client');
    });
    expect((await readingsOf(sources, planOf(UP))).up).toMatchObject({
      reason: 'query-error',
      detail: 'Grafana could not be reached: no client',
    });
  });
});

describe('a time that is not one', () => {
  it.each([NaN, Infinity, -1, 4e15])('%s asks nothing', async (at) => {
    const ask = fakeAsk((request) => answerEach(request, 0));
    expect((await readingsOf(sourcesWith(ask), planOf(UP), at)).up).toMatchObject({ reason: 'query-error' });
    expect(ask.requests).toEqual([]);
  });
});
