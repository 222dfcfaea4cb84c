import { lastValueFrom, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { CheckResult } from '@live-runbooks/engine';
import type { Answer, Ask } from '../src';
import { besideOf, fakeAsk, NOW, planned, planOf, PLUGIN, readingsOf, recorded, sourcesWith } from './recorded';

const PAGE = "the app's configuration page";

const blocking: CheckResult = {
  id: 'postgres.blocking',
  title: 'Blocking sessions',
  state: 'critical',
  summary: '14 sessions wait behind 4711',
  value: 14,
  unit: 'short',
  threshold: { warning: 0, critical: 5 },
  fields: { waiting: 14, longestWaitSeconds: 380.5, roots: 1 },
  rows: { roots: [{ pid: 4711, application: 'gorax-worker', query: null, ended: false }], waiting: [] },
  since: NOW - 60_000,
  askedAt: NOW - 4_000,
  tookMs: 12,
  mend: 'End the root blocker.',
};

const unknown: CheckResult = {
  ...blocking,
  id: 'postgres.transactions',
  state: 'unknown',
  reason: 'no-permission',
  value: null,
  threshold: null,
  since: null,
  mend: 'GRANT pg_monitor TO diagnostics',
};

function ask(id: string, target: string, check: string) {
  return planned({ id, source: 'diagnostics', target, check });
}

function round(target: string, checks: readonly unknown[], kind = 'postgres') {
  return { target, kind, title: target, state: 'ok', class: 'ok', startedAt: NOW - 4_000, tookMs: 20, checks };
}

async function readOne(answer: Answer, query = ask('q', 'gorax-postgres', 'postgres.blocking')) {
  return (await readingsOf(sourcesWith(fakeAsk(() => answer)), planOf(query))).q;
}

describe('rounds', () => {
  it('asks for all targets at once and reads each check', async () => {
    const fake = fakeAsk(() => ({
      status: 200,
      body: { rounds: [round('sqlstudio-postgres', [blocking]), round('gorax-postgres', [unknown, blocking])] },
    }));
    const readings = await readingsOf(
      sourcesWith(fake),
      planOf(
        ask('a', 'sqlstudio-postgres', 'postgres.blocking'),
        ask('b', 'gorax-postgres', 'postgres.blocking'),
        ask('c', 'gorax-postgres', 'postgres.transactions')
      )
    );
    expect(fake.requests).toEqual([
      {
        method: 'GET',
        url: `/api/plugin-proxy/${PLUGIN}/diagnostics/v1/rounds`,
        params: { targets: 'gorax-postgres,sqlstudio-postgres' },
      },
    ]);
    const timing = { askedAt: NOW - 4_000, tookMs: 0 };
    expect(readings).toEqual({
      a: { kind: 'check', check: blocking, ...timing },
      b: { kind: 'check', check: blocking, ...timing },
      c: { kind: 'check', check: unknown, ...timing },
    });
  });

  it('is never newer than the request, whatever the clock of the service says', async () => {
    const check = { ...blocking, askedAt: NOW + 3_600_000 };
    expect(await readOne({ status: 200, body: { rounds: [round('gorax-postgres', [check])] } })).toMatchObject({
      askedAt: NOW,
    });
  });

  it('an unknown without a reason gets one, and a reason beside a known state is dropped', async () => {
    const nameless = { ...unknown, reason: undefined };
    const query = ask('q', 'gorax-postgres', 'postgres.transactions');
    expect(
      await readOne({ status: 200, body: { rounds: [round('gorax-postgres', [nameless])] } }, query)
    ).toMatchObject({
      check: { state: 'unknown', reason: 'query-error' },
    });
    const known = { ...blocking, reason: 'stale', mend: null };
    const reading = await readOne({ status: 200, body: { rounds: [round('gorax-postgres', [known])] } });
    expect(reading).toMatchObject({ check: { state: 'critical' } });
    expect(Object.keys(reading?.kind === 'check' ? reading.check : {})).not.toContain('reason');
  });

  it('a missing target, a missing check and a target of another kind are told apart', async () => {
    const body = { rounds: [round('gorax-redis', [], 'redis'), round('gorax-postgres', [])] };
    const readings = await readingsOf(
      sourcesWith(fakeAsk(() => ({ status: 200, body }))),
      planOf(
        ask('target', 'nope', 'postgres.blocking'),
        ask('check', 'gorax-postgres', 'postgres.blocking'),
        ask('kind', 'gorax-redis', 'postgres.blocking')
      )
    );
    expect(readings).toMatchObject({
      target: {
        reason: 'not-configured',
        detail: 'the diagnostics service has no target “nope”',
        mend: `Add the target “nope” to the configuration of the diagnostics service, or name another one on ${PAGE}.`,
      },
      check: {
        reason: 'not-configured',
        detail: 'the round of “gorax-postgres” has no check postgres.blocking',
        mend: expect.stringContaining('Update the diagnostics service'),
      },
      kind: {
        reason: 'not-configured',
        detail: 'the target “gorax-redis” is of kind redis, the check postgres.blocking is for postgres',
        mend: `Name a target of kind postgres on ${PAGE}.`,
      },
    });
  });

  it('one target that the service refuses does not blind the others', async () => {
    const fake = fakeAsk(({ params }) =>
      params?.targets === 'gorax-postgres'
        ? { status: 200, body: { rounds: [round('gorax-postgres', [blocking])] } }
        : {
            status: 404,
            body: {
              error: { code: 'unknown-target', message: 'no target “typo”', mend: 'The targets are: gorax-postgres.' },
            },
          }
    );
    const readings = await readingsOf(
      sourcesWith(fake),
      planOf(ask('good', 'gorax-postgres', 'postgres.blocking'), ask('bad', 'typo', 'postgres.blocking'))
    );
    expect(fake.requests.map(({ params }) => params?.targets)).toEqual([
      'gorax-postgres,typo',
      'gorax-postgres',
      'typo',
    ]);
    expect(readings).toMatchObject({
      good: { kind: 'check' },
      bad: {
        kind: 'failure',
        reason: 'not-configured',
        detail: 'HTTP 404: no target “typo”',
        mend: `The targets are: gorax-postgres. Name one that it has on ${PAGE}, or add it to the service's configuration.`,
      },
    });
  });

  it.each([undefined, '', 'a,b', 'a/../b', 'a b'])('the target %j is not asked', async (target) => {
    const fake = fakeAsk(() => ({ status: 200, body: { rounds: [] } }));
    const query = planned({
      id: 'q',
      source: 'diagnostics',
      check: 'postgres.blocking',
      ...(target === undefined ? {} : { target }),
    });
    expect((await readingsOf(sourcesWith(fake), planOf(query))).q).toMatchObject({
      kind: 'failure',
      reason: 'not-configured',
      mend: expect.stringContaining(PAGE),
    });
    expect(fake.requests).toEqual([]);
  });
});

describe('the past', () => {
  const query = ask('q', 'gorax-postgres', 'postgres.blocking');
  const THEN = NOW - 60_000;
  const of = (body: object, status = 200) => fakeAsk(() => ({ status, body }));
  const readThen = async (ask: Ask) => (await readingsOf(sourcesWith(ask), planOf(query), THEN)).q;

  it('is read from the round that the service recorded, with the time at which it asked', async () => {
    const then = { ...blocking, askedAt: THEN - 2_000, since: THEN - 90_000 };
    const fake = of({ at: THEN, rounds: [round('gorax-postgres', [then])], missing: [] });
    expect(await readThen(fake)).toMatchObject({
      kind: 'check',
      check: { value: 14, since: THEN - 90_000 },
      askedAt: THEN - 2_000,
    });
    expect(fake.requests).toEqual([
      {
        method: 'GET',
        url: `/api/plugin-proxy/${PLUGIN}/diagnostics/v1/rounds`,
        params: { targets: 'gorax-postgres', at: String(THEN) },
      },
    ]);
  });

  it('is not known where nothing was recorded then, and the nearest times are named', async () => {
    const nearest = { before: null, after: THEN + 5_000 };
    const missing = [{ target: 'gorax-postgres', reason: 'nothing-recorded', nearest }];
    expect(await readThen(of({ at: THEN, rounds: [], missing }))).toMatchObject({
      kind: 'failure',
      reason: 'no-series',
      detail: expect.stringMatching(/recorded nothing of “gorax-postgres” at 2026-/),
      mend: expect.stringContaining(`after: ${new Date(THEN + 5_000).toISOString()}`),
    });
    const never = [{ target: 'gorax-postgres', reason: 'nothing-recorded', nearest: { before: null, after: null } }];
    expect(await readThen(of({ at: THEN, rounds: [], missing: never }))).toMatchObject({
      reason: 'no-series',
      mend: expect.stringContaining('Go back to now'),
    });
  });

  it('is not known of a target that the service never had', async () => {
    const missing = [{ target: 'gorax-postgres', reason: 'unknown-target', nearest: { before: null, after: null } }];
    expect(await readThen(of({ at: THEN, rounds: [], missing }))).toMatchObject({
      kind: 'failure',
      reason: 'not-configured',
      mend: expect.stringContaining('Add the target “gorax-postgres”'),
    });
  });

  it('is not known to a service without a recorder, which says how to switch it on', async () => {
    const off = { error: { code: 'recorder-off', message: 'keeps no past', mend: 'Set `state.directory`.' } };
    expect(await readThen(of(off, 501))).toMatchObject({
      kind: 'failure',
      reason: 'not-configured',
      detail: 'the diagnostics service keeps no past',
      mend: expect.stringContaining('Set `state.directory`.'),
    });
  });

  it('is never taken from the present, which a service that does not look back would answer', async () => {
    const present = { rounds: [round('gorax-postgres', [blocking])] };
    expect(await readThen(of(present))).toMatchObject({ kind: 'failure', reason: 'not-configured' });
    expect(await readThen(of({ ...present, at: NOW, missing: [] }))).toMatchObject({
      kind: 'failure',
      detail: 'the diagnostics service answers of the present only',
    });
  });

  it('fails as the present does when the service refuses', async () => {
    expect(await readThen(fakeAsk(() => recorded('proxy-upstream-401').response))).toMatchObject({
      kind: 'failure',
      reason: 'no-permission',
    });
  });

  it('begins a little before now, so that a clock just read is the present', async () => {
    const fake = fakeAsk(() => ({ status: 200, body: { rounds: [round('gorax-postgres', [blocking])] } }));
    expect((await readingsOf(sourcesWith(fake), planOf(query), NOW - 5)).q).toMatchObject({ kind: 'check' });
  });

  it('begins at once where a moment is meant exactly', async () => {
    const fake = fakeAsk(() => ({ status: 200, body: { at: NOW - 2_000, rounds: [], missing: [] } }));
    const plan = planOf(ask('q1', 'gorax-postgres', 'postgres.blocking'));
    await lastValueFrom(
      sourcesWith(fake)
        .evaluate(plan, { at: NOW - 2_000, exact: true })
        .pipe(toArray())
    );
    expect(fake.requests.map(({ params }) => params?.at)).toEqual([String(NOW - 2_000)]);
  });
});

describe('refusals', () => {
  const own = (status: number, mend?: string) => ({
    status,
    body: { error: { code: 'x', message: 'said by the service', ...(mend === undefined ? {} : { mend }) } },
  });
  it.each<[string, Answer, string, RegExp, RegExp]>([
    [
      '401 of the service',
      recorded('proxy-upstream-401').response,
      'no-permission',
      /upstream says 401/,
      /set the service's token on/,
    ],
    [
      '401 of the service, in its own words',
      own(401, 'x'),
      'no-permission',
      /said by the service/,
      /set the service's token on/,
    ],
    ['401 of Grafana', recorded('proxy-anonymous').response, 'no-permission', /Unauthorized/, /Sign in to Grafana/],
    [
      '403 of Grafana',
      recorded('proxy-reqrole-editor-as-viewer').response,
      'no-permission',
      /route access denied/,
      /liverunbooks-troubleshooting-app\.diagnostics:read/,
    ],
    ['403 of the service', own(403, 'Ask Ada.'), 'no-permission', /said by the service/, /^Ask Ada\.$/],
    [
      'unreachable',
      recorded('proxy-upstream-down').response,
      'query-error',
      /asked the diagnostics service and got no answer/,
      /start it, and check its URL on/,
    ],
    ['dropped', recorded('proxy-upstream-drop').response, 'query-error', /HTTP 502/, /start it/],
    ['no URL', recorded('proxy-unset-url').response, 'query-error', /HTTP 502/, /check its URL/],
    [
      'disabled',
      recorded('proxy-app-disabled').response,
      'not-configured',
      /not enabled/,
      /Enable the app under Administration/,
    ],
    [
      'not installed',
      recorded('proxy-unknown-plugin').response,
      'not-configured',
      /Plugin not found/,
      /Install the app/,
    ],
    [
      'no route',
      recorded('plugin-proxy-path-not-in-routes').response,
      'not-configured',
      /route match not found/,
      /Restart Grafana/,
    ],
    [
      '404 of something else',
      recorded('proxy-upstream-404').response,
      'not-configured',
      /upstream says 404/,
      /is that of the diagnostics service/,
    ],
    ['429', recorded('proxy-upstream-429').response, 'query-error', /HTTP 429/, /log of the diagnostics service/],
    ['500', recorded('proxy-upstream-500').response, 'query-error', /HTTP 500/, /log of the diagnostics service/],
    [
      '503 with a mend',
      own(503, 'Wait for the first round.'),
      'query-error',
      /said by the service/,
      /^Wait for the first round\.$/,
    ],
    ['504', own(504), 'timeout', /said by the service/, /Check the load/],
    [
      'an address that leads to a web page',
      recorded('proxy-text-html').response,
      'query-error',
      /an HTML page/,
      /^The diagnostics URL answers with a web page, not with the service: check the address on/,
    ],
    [
      'an address that leads to a Grafana',
      { status: 200, body: '<!DOCTYPE html><html><title>Grafana</title><script>window.grafanaBootData = {}</script>' },
      'query-error',
      /an HTML page “Grafana”/,
      /^The diagnostics URL leads to Grafana, not to the service/,
    ],
    [
      'a sign-in page',
      { status: 200, body: '<html><title>Log in to Example</title><input type="password"></html>' },
      'query-error',
      /“Log in to Example”/,
      /^A sign-in page answered instead of the diagnostics service: reload the page and sign in/,
    ],
    [
      'the error page of a proxy',
      { status: 502, body: '<html><title>502 Bad Gateway</title></html>' },
      'query-error',
      /502 Bad Gateway/,
      /^A proxy answered instead of the diagnostics service: check that the service runs/,
    ],
    [
      'half an answer',
      { status: 200, body: '{"rounds":[{"target":"gorax-po' },
      'query-error',
      /^HTTP 200: broken JSON, 30 characters long$/,
      /^The answer was cut off or changed on its way: refresh; if it stays, check the diagnostics service/,
    ],
    ['an empty 204', recorded('proxy-upstream-204').response, 'query-error', /HTTP 204/, /./],
  ])('%s', async (_, answer, reason, detail, mend) => {
    expect(await readOne(answer)).toMatchObject({
      kind: 'failure',
      reason,
      detail: expect.stringMatching(detail),
      mend: expect.stringMatching(mend),
    });
  });
});

describe('an answer that is not as agreed', () => {
  it.each<[string, unknown]>([
    ['text', '{"rounds": [}'],
    ['no rounds', {}],
    ['rounds that are not a list', { rounds: {} }],
    ['a round that is null', { rounds: [null] }],
    ['a round without checks', { rounds: [{ target: 'gorax-postgres', kind: 'postgres' }] }],
    ...(
      [
        { id: 'postgres.blocking' },
        { ...blocking, state: 'healthy' },
        { ...blocking, value: '14' },
        { ...blocking, value: undefined },
        { ...blocking, since: 'yesterday' },
        { ...blocking, threshold: { warning: '1' } },
        { ...blocking, threshold: 1 },
        { ...blocking, fields: null },
        { ...blocking, fields: { waiting: { count: 3 } } },
        { ...blocking, rows: { roots: {} } },
        { ...blocking, rows: { roots: [[4711]] } },
        { ...blocking, rows: undefined },
        { ...blocking, title: 7 },
      ] as const
    ).map((check): [string, unknown] => [
      JSON.stringify(check).slice(0, 60),
      { rounds: [round('gorax-postgres', [check])] },
    ]),
  ])('%s', async (_, body) => {
    expect(await readOne({ status: 200, body })).toMatchObject({ kind: 'failure', reason: 'query-error' });
  });

  it('a malformed check spares its neighbours', async () => {
    const body = { rounds: [round('gorax-postgres', [{ ...blocking, state: 'fine' }, unknown])] };
    const readings = await readingsOf(
      sourcesWith(fakeAsk(() => ({ status: 200, body }))),
      planOf(ask('bad', 'gorax-postgres', 'postgres.blocking'), ask('good', 'gorax-postgres', 'postgres.transactions'))
    );
    expect(readings).toMatchObject({
      bad: { detail: "the diagnostics service's answer cannot be read: state of the check postgres.blocking" },
      good: { kind: 'check' },
    });
  });
});

describe('everything that the service sees', () => {
  const whole = async (answer: Answer, at?: number) => {
    const fake = fakeAsk(({ url }) => (url.includes('/plugin-proxy/') ? answer : { status: 502, body: '' }));
    const told = await besideOf(sourcesWith(fake), 'rounds', at);
    return { ...told, asked: fake.requests.filter(({ url }) => url.includes('/plugin-proxy/')) };
  };

  it('is one request for all targets, which also answers the queries', async () => {
    const fake = fakeAsk(({ url }) =>
      url.includes('/plugin-proxy/')
        ? { status: 200, body: { rounds: [round('gorax-postgres', [blocking]), round('other', [unknown])] } }
        : { status: 502, body: '' }
    );
    const plan = planOf(ask('a', 'gorax-postgres', 'postgres.blocking'), ask('b', 'mistyped', 'postgres.blocking'));
    const told = await lastValueFrom(sourcesWith(fake).evaluate(plan, { everything: true }).pipe(toArray()));
    expect(fake.requests.filter(({ url }) => url.includes('/plugin-proxy/'))).toEqual([
      { method: 'GET', url: `/api/plugin-proxy/${PLUGIN}/diagnostics/v1/rounds`, params: {} },
    ]);
    expect(told).toMatchObject([
      { query: 'a', reading: { kind: 'check' } },
      { query: 'b', reading: { kind: 'failure', reason: 'not-configured' } },
      {
        beside: 'rounds',
        rounds: [
          { target: 'gorax-postgres', title: 'gorax-postgres', checks: [blocking] },
          { target: 'other', title: 'other', checks: [unknown] },
        ],
        unread: [],
      },
      { beside: 'alerts' },
    ]);
  });

  it.each<[string, Answer]>([
    ['that is down', { status: 502, body: '' }],
    ['that answers something else', { status: 200, body: {} }],
    ['that refuses', { status: 403, body: {} }],
  ])('is unread of a service %s', async (_, answer) => {
    const { rounds, unread } = await whole(answer);
    expect(rounds).toEqual([]);
    expect(unread).toMatchObject([{ what: 'the diagnostics service', mend: expect.stringMatching(/./) }]);
  });

  it('is unread without a service, and costs no request', async () => {
    const fake = fakeAsk(() => ({ status: 502, body: '' }));
    const { unread } = await besideOf(sourcesWith(fake, { hasDiagnostics: false }), 'rounds');
    expect(unread).toMatchObject([{ what: 'the diagnostics service', reason: 'not-configured' }]);
    expect(fake.requests.filter(({ url }) => url.includes('/plugin-proxy/'))).toEqual([]);
  });

  it('says which check or round cannot be read, and keeps the others', async () => {
    const { rounds, unread } = await whole({
      status: 200,
      body: { rounds: [round('pg', [blocking, { id: 'postgres.new', title: 'New' }]), { target: 'half' }] },
    });
    expect(rounds).toMatchObject([{ target: 'pg', checks: [{ id: 'postgres.blocking' }] }]);
    expect(unread.map(({ what }) => what)).toEqual(['pg: postgres.new', 'a round of checks']);
  });

  it('is that of then in the past, and unread where nothing was recorded', async () => {
    const at = NOW - 600_000;
    const missing = [{ target: 'redis', reason: 'not-recorded', nearest: { before: at - 60_000 } }];
    const { rounds, unread, asked } = await whole(
      { status: 200, body: { at, rounds: [round('pg', [blocking])], missing } },
      at
    );
    expect(asked.map(({ params }) => params)).toEqual([{ at: String(at) }]);
    expect(rounds).toMatchObject([{ target: 'pg' }]);
    expect(unread).toMatchObject([{ what: 'the checks of redis', mend: expect.stringMatching(/nearest before/) }]);
    expect((await whole({ status: 200, body: { rounds: [round('pg', [blocking])] } }, at)).unread).toMatchObject([
      { what: 'the diagnostics service', detail: 'the diagnostics service answers of the present only' },
    ]);
  });
});
