/** With the engine behind the sources: whatever one source fails to answer, the runbook is not healthy. */
import { describe, expect, it } from 'vitest';
import { lastValueFrom, toArray } from 'rxjs';
import {
  bind,
  diagnose,
  judgeAll,
  plan,
  triage,
  type Pack,
  type Query,
  type Reading,
  type Seen,
  type Signal,
} from '@live-runbooks/engine';
import { runbook, signal } from '../../engine/tests/makePack';
import type { Answer, AskRequest, SourceOptions } from '../src';
import { fakeAsk, frame, NOW, recorded, sourcesWith, targetsOf } from './recorded';

const CHECK = {
  id: 'postgres.blocking',
  title: 'Blocking',
  state: 'ok',
  summary: 'nobody waits',
  value: 0,
  unit: 'short',
  threshold: null,
  fields: { waiting: 0 },
  rows: {},
  since: null,
  askedAt: NOW,
  tookMs: 1,
};

const asking = (id: string, query: Query, more: Partial<Signal> = {}): Signal =>
  signal(id, { query, maxAge: 120, ...more });

const SIGNALS: readonly Signal[] = [
  asking('prometheus', { source: 'prometheus', expr: 'errors' }),
  asking('loki', { source: 'loki', expr: 'sum(count_over_time({app="x"}[5m]))' }, { empty: 'absent' }),
  asking('diagnostics', {
    source: 'diagnostics',
    check: 'postgres.blocking',
    target: 'pg',
    read: { field: 'waiting' },
  }),
  asking('alert', { source: 'alert', name: 'ErrorsInLogs', labels: {} }, { empty: 'absent' }),
];

const PACK: Pack = {
  id: 'p',
  title: 'P',
  description: '',
  format: 1,
  params: {},
  signals: Object.fromEntries(SIGNALS.map((one) => [one.id, one])),
  runbooks: [
    runbook(
      'r',
      SIGNALS.map(({ id }) => id),
      []
    ),
  ],
};

type Kind = 'prometheus' | 'loki' | 'diagnostics' | 'alert';

function kindOf(request: AskRequest): Kind {
  if (request.body) {
    return (targetsOf(request)[0]!.datasource as { type: Kind }).type;
  }
  return request.url.includes('/plugin-proxy/') ? 'diagnostics' : 'alert';
}

function quiet(request: AskRequest): Answer {
  const kind = kindOf(request);
  if (kind === 'diagnostics') {
    return { status: 200, body: { rounds: [{ target: 'pg', kind: 'postgres', checks: [CHECK] }] } };
  }
  if (kind === 'alert') {
    // Loki's rule is there and silent; the others have none.
    const rules = [{ type: 'alerting', name: 'ErrorsInLogs', health: 'ok', state: 'inactive', alerts: [] }];
    return request.url.includes('/prometheus/loki/')
      ? { status: 200, body: { status: 'success', data: { groups: [{ name: 'g', file: 'f', rules }] } } }
      : recorded('rules-loki-without-ruler').response;
  }
  const result = { status: 200, ...(kind === 'prometheus' ? { frames: [frame(0)] } : {}) };
  return { status: 200, body: { results: Object.fromEntries(targetsOf(request).map(({ refId }) => [refId, result])) } };
}

/** The state of the runbook, and of the whole, when each request is answered so. */
async function judged(
  answer: (request: AskRequest) => Answer | Promise<Answer>,
  options: Partial<SourceOptions> = {},
  at?: number
) {
  const bound = bind(PACK, {});
  const planned = plan([bound]);
  const list = await lastValueFrom(
    sourcesWith(fakeAsk(answer), options).evaluate(planned, { at, everything: true }).pipe(toArray())
  );
  const readings = new Map<string, Reading>(
    list.flatMap((told) => ('query' in told ? [[told.query, told.reading] as const] : []))
  );
  const beside = list.filter((told) => 'beside' in told);
  const seen: Seen = {
    rounds: beside.flatMap((told) => (told.beside === 'rounds' ? told.rounds : [])),
    alerts: beside.flatMap((told) => (told.beside === 'alerts' ? told.alerts : [])),
    unread: beside.flatMap(({ unread }) => unread),
  };
  const outcomes = judgeAll([bound], planned, readings, at ?? NOW);
  const diagnosis = diagnose(bound, 'r', outcomes, at ?? NOW);
  return { runbook: diagnosis.state, triage: triage([bound], [diagnosis], outcomes, at ?? NOW, seen).state, outcomes };
}

const REFUSALS: ReadonlyArray<readonly [string, Answer]> = [
  ...[
    'proxy-anonymous',
    'proxy-upstream-401',
    'proxy-reqrole-editor-as-viewer',
    'query-unknown-datasource',
    'proxy-upstream-down',
    'proxy-upstream-500',
    'proxy-upstream-503',
    'proxy-upstream-204',
    'proxy-text-html',
    'proxy-app-disabled',
  ].map((name) => [name, recorded(name).response] as const),
  ['an empty object', { status: 200, body: {} }],
  ['an empty list', { status: 200, body: [] }],
  ['no body', { status: 200, body: '' }],
];

describe('a runbook', () => {
  it('is healthy when every source answers that nothing is wrong', async () => {
    expect(await judged(quiet)).toMatchObject({ runbook: 'healthy', triage: 'nothing-wrong' });
  });

  const cases = (['prometheus', 'loki', 'diagnostics', 'alert'] as const).flatMap((kind) =>
    REFUSALS.map(([name, answer]) => [kind, name, answer] as const)
  );
  it.each(cases)('is not healthy when %s answers %s', async (kind, _, answer) => {
    const {
      runbook,
      triage: whole,
      outcomes,
    } = await judged((request) => (kindOf(request) === kind ? answer : quiet(request)));
    expect(runbook).toBe('unknown');
    expect(whole).not.toBe('nothing-wrong');
    expect([...outcomes.values()].filter(({ state }) => state === 'unknown').map(({ signal: id }) => id)).toEqual([
      kind,
    ]);
    expect(outcomes.get(`p/${kind}`)?.mend).toMatch(/.{10}/);
  });

  it('is not healthy when a data source is not chosen', async () => {
    expect(await judged(quiet, { prometheusUid: undefined })).toMatchObject({ runbook: 'unknown' });
    expect(await judged(quiet, { lokiUid: undefined })).toMatchObject({ runbook: 'unknown' });
  });

  it('is not healthy when a metric does not exist', async () => {
    const empty = { status: 200, frames: [{ schema: { fields: [] }, data: { values: [] } }] };
    const { runbook, outcomes } = await judged((request) =>
      kindOf(request) === 'prometheus'
        ? { status: 200, body: { results: Object.fromEntries(targetsOf(request).map(({ refId }) => [refId, empty])) } }
        : quiet(request)
    );
    expect(runbook).toBe('unknown');
    expect(outcomes.get('p/prometheus')).toMatchObject({ state: 'unknown', reason: 'no-series' });
  });

  it('is not healthy in a past that the service and the rules do not know', async () => {
    const past = NOW - 600_000;
    const answer = (request: AskRequest): Answer =>
      kindOf(request) === 'prometheus'
        ? {
            status: 200,
            body: {
              results: Object.fromEntries(
                targetsOf(request).map(({ refId }) => [refId, { status: 200, frames: [frame(0, {}, past)] }])
              ),
            },
          }
        : quiet(request);
    const { runbook, triage: whole, outcomes } = await judged(answer, {}, past);
    expect(runbook).toBe('unknown');
    expect(whole).not.toBe('nothing-wrong');
    expect(outcomes.get('p/prometheus')?.state).toBe('absent');
  });

  it('has a problem when an alert fires, and knows since when', async () => {
    const { runbook, outcomes } = await judged((request) =>
      request.url.includes('/prometheus/loki/') ? recorded('rules-loki-with-ruler').response : quiet(request)
    );
    expect(runbook).toBe('problem');
    expect(outcomes.get('p/alert')).toMatchObject({
      state: 'present',
      value: 2,
      since: Date.parse('2026-11-21T19:18:12.819Z'),
    });
  });
});
