import { lastValueFrom, toArray } from 'rxjs';
import { describe, expect, it } from 'vitest';
import type { Answer, Ask, SourceOptions } from '../src';
import { besideOf, fakeAsk, NOW, planned, planOf, readingsOf, recorded, sourcesWith } from './recorded';

const EMPTY: Answer = { status: 200, body: { status: 'success', data: { groups: [] } } };

/** Answers of the three sources of rules, by the uid in the path. */
function rulesAsk(answers: Readonly<Record<string, Answer>>) {
  return fakeAsk(({ url }) => answers[/^\/api\/prometheus\/([^/]+)\/api\/v1\/rules$/.exec(url)?.[1] ?? ''] ?? EMPTY);
}

/** Everything that fires, and what of it is not known; the diagnostics service has no part in it. */
const firing = (ask: Ask, more: Partial<SourceOptions> = {}) =>
  besideOf(sourcesWith(ask, { hasDiagnostics: false, ...more }), 'alerts');

function rules(...list: object[]): Answer {
  return { status: 200, body: { status: 'success', data: { groups: [{ name: 'g', file: 'f', rules: list }] } } };
}

const healthy = { type: 'alerting', health: 'ok', state: 'inactive' };
const recordedRules = {
  grafana: recorded('rules-grafana').response,
  prometheus: recorded('rules-datasource').response,
  loki: recorded('rules-loki-with-ruler').response,
};

describe('what fires', () => {
  it('comes from Grafana, Prometheus and Loki rules, oldest first, labels and annotations expanded', async () => {
    const ask = rulesAsk(recordedRules);
    const { alerts, problems } = await firing(ask);
    expect(problems).toEqual([]);
    expect(ask.requests.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'GET /api/prometheus/grafana/api/v1/rules',
      'GET /api/prometheus/prometheus/api/v1/rules',
      'GET /api/prometheus/loki/api/v1/rules',
    ]);
    expect(alerts.map(({ name, source, labels }) => [name, source, labels.app])).toEqual([
      ['AlwaysFiring', 'prometheus', undefined],
      ['GrafanaAlwaysFiring', 'grafana', undefined],
      ['GrafanaLokiErrors', 'grafana', 'gorax-api'],
      ['ErrorsInLogs', 'loki', 'gorax-api'],
      ['ErrorsInLogs', 'loki', 'gorax-worker'],
    ]);
    expect(alerts[0]).toEqual({
      name: 'AlwaysFiring',
      source: 'prometheus',
      labels: { alertname: 'AlwaysFiring', service: 'gorax-api', severity: 'critical' },
      annotations: {
        description: 'Value is 1',
        runbook_url: '/a/triage-troubleshooting-app/overview',
        summary: 'Always firing',
      },
      activeAt: Date.parse('2026-11-21T19:13:11.083Z'),
      runbookUrl: '/a/triage-troubleshooting-app/overview',
    });
  });

  it('has expanded runbook_urls', async () => {
    const ask = rulesAsk({
      grafana: recorded('rules-grafana-templated-annotations').response,
      prometheus: recorded('rules-prometheus-templated-annotations').response,
      loki: recorded('rules-loki-templated-annotations').response,
    });
    const { alerts } = await firing(ask);
    expect(Object.fromEntries(alerts.map(({ name, runbookUrl }) => [name, runbookUrl]))).toEqual({
      GrafanaTemplatedRunbook: 'http://127.0.0.1:3000/a/triage-troubleshooting-app/probe?rb=tpl&job=prometheus&v=1',
      PromTemplatedRunbook: 'http://127.0.0.1:3000/a/triage-troubleshooting-app/probe?rb=prom&job=prometheus&v=1',
      ErrorsInLogs: '/a/liverunbooks-troubleshooting-app/runbooks/gorax/api-500?app=gorax-api',
    });
  });

  it('the runbook_url of the rule serves when the instance has none, unless it holds a template', async () => {
    const rule = (url: string) => ({
      ...healthy,
      name: 'A',
      annotations: { runbook_url: url },
      alerts: [{ labels: {}, annotations: {}, state: 'firing' }],
    });
    const of = async (url: string) => (await firing(rulesAsk({ grafana: rules(rule(url)) }))).alerts[0]?.runbookUrl;
    expect(await of('https://x/a')).toBe('https://x/a');
    expect(await of('https://x/{{ $labels.job }}')).toBeUndefined();
  });

  it.each([
    ['firing', true],
    ['Alerting', true],
    ['Alerting (NoData)', true],
    ['Recovering', true],
    ['pending', false],
    ['Pending', false],
    ['Normal', false],
    ['inactive', false],
    ['Error', false],
  ])('state %s fires: %s', async (state, fires) => {
    const rule = { ...healthy, name: 'A', alerts: [{ labels: { job: 'x' }, state, activeAt: '0001-01-01T00:00:00Z' }] };
    const { alerts } = await firing(rulesAsk({ prometheus: rules(rule) }));
    expect(alerts).toEqual(
      fires ? [{ name: 'A', labels: { alertname: 'A', job: 'x' }, annotations: {}, source: 'prometheus' }] : []
    );
  });

  it('says shortly that a data source that is named does not exist', async () => {
    const { problems } = await firing(rulesAsk({ loki: { status: 404, body: { message: 'data source not found' } } }));
    expect(problems).toEqual([
      {
        source: 'loki',
        reason: 'not-configured',
        detail: 'the rules of Loki were not asked: no data source has the uid “loki”',
        mend: "Choose one on the app's configuration page.",
      },
    ]);
  });

  it('is one alert when several sources tell of it', async () => {
    const alert = (labels: object, activeAt: string, annotations: object) => ({
      ...healthy,
      name: 'A',
      alerts: [{ labels, state: 'firing', activeAt, annotations }],
    });
    const ask = rulesAsk({
      grafana: rules(
        alert({ alertname: 'A', job: 'x', grafana_folder: 'F', __grafana_origin: 'p' }, '2026-11-21T10:02:00Z', {
          summary: 'of Grafana',
        })
      ),
      prometheus: rules(
        alert({ job: 'x', alertname: 'A' }, '2026-11-21T10:01:00Z', { runbook_url: '/r', summary: 'of Prometheus' }),
        alert({ job: 'y', alertname: 'A' }, '2026-11-21T10:03:00Z', {})
      ),
    });
    const { alerts } = await firing(ask);
    expect(alerts).toEqual([
      {
        name: 'A',
        source: 'grafana',
        labels: { alertname: 'A', job: 'x', grafana_folder: 'F', __grafana_origin: 'p' },
        annotations: { summary: 'of Grafana', runbook_url: '/r' },
        activeAt: Date.parse('2026-11-21T10:01:00Z'),
        runbookUrl: '/r',
      },
      {
        name: 'A',
        source: 'prometheus',
        labels: { job: 'y', alertname: 'A' },
        annotations: {},
        activeAt: Date.parse('2026-11-21T10:03:00Z'),
      },
    ]);
  });

  it('does not ask a Loki that is not there, and misses a Prometheus that is not chosen', async () => {
    const ask = rulesAsk(recordedRules);
    const { alerts, problems } = await firing(ask, { prometheusUid: undefined, lokiUid: undefined });
    expect(ask.requests).toHaveLength(1);
    expect(alerts).toHaveLength(2);
    expect(problems).toMatchObject([
      {
        source: 'prometheus',
        reason: 'not-configured',
        mend: expect.stringContaining('Choose the Prometheus data source'),
      },
    ]);
  });
});

describe('what could not be learnt', () => {
  it('one source that refuses leaves the alerts of the others', async () => {
    const ask = rulesAsk({
      ...recordedRules,
      grafana: { status: 403, body: { message: "You'll need additional permissions" } },
      loki: { status: 502, body: '' },
    });
    const { alerts, problems } = await firing(ask);
    expect(alerts.map(({ name }) => name)).toEqual(['AlwaysFiring']);
    expect(problems).toEqual([
      {
        source: 'grafana',
        reason: 'no-permission',
        detail: "HTTP 403: You'll need additional permissions",
        mend: 'Ask a Grafana administrator for the permission alert.rules:read.',
      },
      {
        source: 'loki',
        reason: 'query-error',
        detail: 'Grafana asked Loki and got no answer (HTTP 502)',
        mend: 'Loki (uid “loki”) cannot be reached from Grafana: start it, or correct its URL under Connections → Data sources.',
      },
    ]);
  });

  it('a Loki without a ruler is no problem', async () => {
    const ask = rulesAsk({ ...recordedRules, loki: recorded('rules-loki-without-ruler').response });
    const { alerts, problems } = await firing(ask);
    expect([alerts.length, problems]).toEqual([3, []]);
  });

  it.each<[string, Answer]>([
    ['an error', { status: 200, body: { status: 'error', error: 'boom', data: { groups: [] } } }],
    ['groups beside an HTTP error', { status: 500, body: { status: 'success', data: { groups: [] } } }],
    ['no groups', { status: 200, body: { status: 'success', data: {} } }],
    ['a group without rules', { status: 200, body: { status: 'success', data: { groups: [{}] } } }],
    ['HTML', { status: 200, body: '<html></html>' }],
    ['null', { status: 200, body: null }],
  ])('%s is a problem and not silence', async (_, answer) => {
    const { problems } = await firing(rulesAsk({ prometheus: answer }));
    expect(problems).toMatchObject([{ source: 'prometheus', reason: 'query-error' }]);
  });

  it('a rule that is paused, in error or unreadable is a problem of its own', async () => {
    const { alerts, problems } = await firing(
      rulesAsk({
        prometheus: rules(
          { ...healthy, name: 'Broken', health: 'err', lastError: 'many-to-many, password=hunter2' },
          { ...healthy, name: 'Paused', isPaused: true },
          { ...healthy, name: 'NoHealth', health: undefined },
          { ...healthy, name: 'Odd', alerts: 'none' },
          { ...healthy, name: 'Half', alerts: [null, { state: 'firing', labels: { job: 'x' } }] },
          { type: 'alerting' },
          { ...healthy, name: 'Fine' },
          { name: 'job:up:sum', type: 'recording' }
        ),
      })
    );
    expect(alerts.map(({ name }) => name)).toEqual(['Half']);
    expect(problems.map(({ rule, detail }) => [rule, detail])).toEqual([
      ['Broken', 'Broken: its health is err: many-to-many, password=<removed>'],
      ['Paused', 'Paused: the rule is paused'],
      ['NoHealth', 'NoHealth: its health is not known'],
      ['Odd', 'Odd: its alerts cannot be read'],
      ['Half', 'Half: one of its alerts cannot be read'],
      ['a rule without a name', 'a rule without a name: the rule cannot be read'],
    ]);
  });

  it.each<[string, Answer, boolean]>([
    ['a source of rules that gives no answer', { status: 502, body: '' }, true],
    [
      'one broken rule among others',
      rules({ ...healthy, name: 'Broken', health: 'err' }, { ...healthy, name: 'Fine' }),
      false,
    ],
  ])('leaves what fires there unread: %s', async (_, answer, unread) => {
    const told = await firing(rulesAsk({ ...recordedRules, prometheus: answer }));
    expect(told.unread.map(({ what }) => what)).toEqual(unread ? ['the alert rules of Prometheus'] : []);
    expect(told.problems).toHaveLength(1);
  });
});

describe('an alert signal', () => {
  const query = planned({ id: 'alerts', source: 'alert' });
  const read = async (answers: Readonly<Record<string, Answer>>, at?: number) =>
    (await readingsOf(sourcesWith(rulesAsk(answers)), planOf(query), at)).alerts;

  it('reads all that fires as rows of labels, since the oldest', async () => {
    expect(await read({ prometheus: recordedRules.prometheus })).toEqual({
      kind: 'alerts',
      firing: [
        {
          alertname: 'AlwaysFiring',
          service: 'gorax-api',
          severity: 'critical',
          activeAt: Date.parse('2026-11-21T19:13:11.083Z'),
        },
      ],
      since: Date.parse('2026-11-21T19:13:11.083Z'),
      evaluated: ['AlwaysFiring', 'NeverFiring'],
      askedAt: NOW,
      tookMs: 0,
    });
  });

  it('names the rules that were evaluated, and none of whose name is broken or paused', async () => {
    const reading = await read({
      prometheus: rules(
        { ...healthy, name: 'Fine' },
        { ...healthy, name: 'Twice' },
        { ...healthy, name: 'Twice', health: 'err' },
        { ...healthy, name: 'New', health: 'unknown' },
        { name: 'job:up:sum', type: 'recording', health: 'ok' }
      ),
      grafana: rules({ ...healthy, name: 'Paused', isPaused: true }, { ...healthy, name: 'Fine' }),
    });
    expect(reading).toEqual({ kind: 'alerts', firing: [], evaluated: ['Fine'], askedAt: NOW, tookMs: 0 });
  });

  it('keeps what the other sources of rules said when one was not heard', async () => {
    const { grafana, prometheus } = recordedRules;
    expect(await read({ grafana, prometheus, loki: { status: 502, body: '' } })).toMatchObject({
      kind: 'alerts',
      firing: [{ alertname: 'AlwaysFiring' }, { alertname: 'GrafanaAlwaysFiring' }, { alertname: 'GrafanaLokiErrors' }],
      evaluated: expect.arrayContaining(['AlwaysFiring', 'GrafanaAlwaysFiring']),
      unheard: {
        reason: 'query-error',
        detail: 'Grafana asked Loki and got no answer (HTTP 502)',
        mend: expect.stringContaining('Loki'),
      },
    });
  });

  it('is a failure when no source of rules was heard', async () => {
    const gone: Answer = { status: 502, body: '' };
    expect(await read({ grafana: gone, prometheus: gone, loki: gone })).toMatchObject({
      kind: 'failure',
      reason: 'query-error',
      detail: 'Grafana gave no answer (HTTP 502)',
    });
  });

  describe('of the past', () => {
    const at = 1_795_290_273_429;
    const body = recorded('past-prometheus-alerts-series').response.body as { results: Record<string, unknown> };
    const series = (result: unknown) =>
      fakeAsk(({ url }) => (url === '/api/ds/query' ? { status: 200, body: { results: { ALERTS: result } } } : EMPTY));
    const evaluatedAt = (ask: Ask) => sourcesWith(ask, { hasDiagnostics: false, now: () => at + 3_600_000 });

    it('knows no rules of a Loki that is not there', async () => {
      const sources = sourcesWith(series(body.results.A), {
        hasDiagnostics: false,
        lokiUid: undefined,
        now: () => at + 3_600_000,
      });
      expect((await besideOf(sources, 'alerts', at)).unread.map(({ what }) => what)).toEqual([
        'the alert rules of Grafana',
      ]);
    });

    it('comes from the series that Prometheus keeps, in one request and without asking the rules', async () => {
      const ask = series(body.results.A);
      const told = await besideOf(evaluatedAt(ask), 'alerts', at);
      expect(ask.requests.map(({ url }) => url)).toEqual(['/api/ds/query']);
      expect(told.alerts).toEqual([
        {
          name: 'AlwaysFiring',
          labels: { alertname: 'AlwaysFiring', service: 'gorax-api', severity: 'critical' },
          annotations: {},
          source: 'prometheus',
        },
      ]);
      // Rules that leave no series in Prometheus may have fired, too: nothing was fine that nobody looked at.
      expect(told.unread.map(({ what }) => what)).toEqual(['the alert rules of Grafana', 'the alert rules of Loki']);
      expect(told.unread[0]).toMatchObject({ reason: 'no-series', mend: expect.stringContaining('state history') });
      const { alerts } = await readingsOf(evaluatedAt(ask), planOf(query), at);
      expect(alerts).toMatchObject({ kind: 'alerts', firing: [{ alertname: 'AlwaysFiring' }], evaluated: [] });
    });

    it.each<[string, unknown, string]>([
      ['without any series', { status: 200, frames: [] }, 'no-series'],
      ['when Prometheus refuses', { status: 403, error: 'no' }, 'no-permission'],
    ])('is not known %s', async (_, result, reason) => {
      const ask = series(result);
      const { alerts } = await readingsOf(evaluatedAt(ask), planOf(query), at);
      expect(alerts).toMatchObject({ kind: 'failure', reason });
      expect((await besideOf(evaluatedAt(ask), 'alerts', at)).unread[0]).toMatchObject({ reason });
    });
  });

  it('and the list of all that fires come from the same requests', async () => {
    const ask = rulesAsk(recordedRules);
    const plan = planOf(query, planned({ id: 'other', source: 'alert' }));
    const sources = sourcesWith(ask, { hasDiagnostics: false });
    const told = await lastValueFrom(sources.evaluate(plan, { everything: true }).pipe(toArray()));
    expect(ask.requests).toHaveLength(3);
    expect(told.flatMap((one) => ('beside' in one && one.beside === 'alerts' ? one.alerts : []))).toHaveLength(5);
    const readings = told.flatMap((one) => ('query' in one ? one.reading : []));
    expect(readings).toHaveLength(2);
    expect(readings[0]).toEqual(readings[1]);
  });
});
