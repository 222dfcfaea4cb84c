import { describe, expect, it } from 'vitest';
import type { Answer, AskRequest } from '../src';
import { answerEach, fakeAsk, PLUGIN, recorded, sourcesWith, targetsOf } from './recorded';

const TARGETS: Answer = {
  status: 200,
  body: {
    targets: [
      { id: 'gorax-postgres', kind: 'postgres', title: 'Postgres' },
      { id: 'gorax-redis', kind: 'redis' },
    ],
  },
};

function healthAsk(answers: { prometheus?: Answer; loki?: Answer; diagnostics?: Answer }) {
  const kindOf = (request: AskRequest) =>
    request.body
      ? (targetsOf(request)[0]!.datasource as { type: 'prometheus' | 'loki' }).type
      : ('diagnostics' as const);
  return fakeAsk((request) => {
    const kind = kindOf(request);
    return answers[kind] ?? (kind === 'diagnostics' ? TARGETS : answerEach(request, 1));
  });
}

describe('health', () => {
  it('asks each source once, on the road of its queries', async () => {
    const ask = healthAsk({});
    expect(await sourcesWith(ask).health()).toEqual([
      { source: 'prometheus', state: 'reachable', detail: 'answers', tookMs: 0 },
      { source: 'loki', state: 'reachable', detail: 'answers', tookMs: 0 },
      {
        source: 'diagnostics',
        state: 'reachable',
        detail: '2 targets',
        tookMs: 0,
        targets: [
          { id: 'gorax-postgres', kind: 'postgres', title: 'Postgres' },
          { id: 'gorax-redis', kind: 'redis', title: 'gorax-redis' },
        ],
      },
    ]);
    expect(ask.requests.map(({ url }) => url)).toEqual([
      '/api/ds/query',
      '/api/ds/query',
      `/api/plugin-proxy/${PLUGIN}/diagnostics/v1/targets`,
    ]);
  });

  it.each<[string, Answer, string, RegExp]>([
    ['forbidden', { status: 403, body: { message: 'no' } }, 'forbidden', /datasources:query/],
    ['an unknown uid', recorded('query-unknown-datasource').response, 'missing', /choose an existing one/],
    ['down', { status: 502, body: '' }, 'unreachable', /start it/],
    ['an HTML page', { status: 200, body: '<html></html>' }, 'unreachable', /A web page answered instead of Grafana/],
    [
      'a wrong answer',
      { status: 200, body: { results: { probe: { status: 200, frames: [] } } } },
      'unreachable',
      /is what its name says/,
    ],
  ])('Prometheus: %s', async (_, answer, state, mend) => {
    const [prometheus, loki] = await sourcesWith(healthAsk({ prometheus: answer })).health();
    expect(prometheus).toMatchObject({ state, mend: expect.stringMatching(mend) });
    expect(loki).toMatchObject({ state: 'reachable' });
  });

  it.each<[string, Answer, string, RegExp]>([
    ['a wrong token', recorded('proxy-upstream-401').response, 'forbidden', /token/],
    ['no permission', recorded('proxy-reqrole-editor-as-viewer').response, 'forbidden', /diagnostics:read/],
    ['not reachable', recorded('proxy-upstream-down').response, 'unreachable', /start it, and check its URL/],
    ['a web page', { status: 200, body: '<html>Shop</html>' }, 'unreachable', /URL answers with a web page/],
    ['app disabled', recorded('proxy-app-disabled').response, 'missing', /Enable the app/],
    ['not the service', { status: 200, body: { targets: [{ name: 'x' }] } }, 'unreachable', /of the same version/],
  ])('diagnostics: %s', async (_, answer, state, mend) => {
    const [, , diagnostics] = await sourcesWith(healthAsk({ diagnostics: answer })).health();
    expect(diagnostics).toMatchObject({ state, mend: expect.stringMatching(mend) });
  });

  it('asks only those that are named: others are known from what they were asked anyway', async () => {
    const ask = healthAsk({});
    expect((await sourcesWith(ask).health(undefined, ['loki'])).map(({ source }) => source)).toEqual(['loki']);
    expect(await sourcesWith(ask).health(undefined, [])).toEqual([]);
    expect(ask.requests).toHaveLength(1);
  });

  it('a source that is not chosen is missing, without a request', async () => {
    const ask = healthAsk({});
    const [prometheus, loki] = await sourcesWith(ask, { prometheusUid: '', lokiUid: undefined }).health();
    expect([prometheus, loki]).toMatchObject([{ state: 'missing' }, { state: 'missing' }]);
    expect(ask.requests).toHaveLength(1);
  });

  it('a service without an address is missing, without a request', async () => {
    const ask = healthAsk({});
    const [, , diagnostics] = await sourcesWith(ask, { hasDiagnostics: false }).health();
    expect(diagnostics).toMatchObject({
      state: 'missing',
      detail: 'no diagnostics service is configured',
      mend: expect.stringMatching(/^Set the address of the diagnostics service on/),
    });
    expect(ask.requests).toHaveLength(2);
  });

  it('a cancelled question says so', async () => {
    const health = await sourcesWith(healthAsk({})).health(AbortSignal.abort());
    expect(health).toMatchObject([{ state: 'unreachable', detail: 'the request was cancelled' }, {}, {}]);
  });
});
