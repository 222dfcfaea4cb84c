import { describe, expect, it } from 'vitest';

import { bind, judge, judgeAll, plan, type CheckResult, type Reading, type Signal } from '../src/index';
import { NOW, pack, signal } from './makePack';

const samples = (...values: number[]): Reading => ({
  kind: 'samples',
  samples: values.map((value, index) => ({ value, labels: { i: String(index) } })),
  askedAt: NOW,
  tookMs: 3,
});
const check = (more: Partial<CheckResult>): Reading => ({
  kind: 'check',
  check: {
    id: 'postgres.blocking',
    title: '',
    state: 'ok',
    summary: '',
    value: null,
    unit: 'short',
    threshold: null,
    fields: {},
    rows: {},
    since: null,
    askedAt: NOW,
    tookMs: 1,
    ...more,
  },
  askedAt: NOW,
  tookMs: 1,
});
const one = (more: Partial<Signal>, reading: Reading | undefined, now = NOW) =>
  judge(bind(pack([], [signal('x', more)]), {}), 'x', reading, now);
const rows = (where = {}): Partial<Signal> => ({
  query: { source: 'diagnostics', check: 'postgres.blocking', target: 'pg', read: { rows: 'roots', where } },
});
const field = (name: string, more: Partial<Signal> = {}): Partial<Signal> => ({
  query: { source: 'diagnostics', check: 'postgres.blocking', target: 'pg', read: { field: name } },
  ...more,
});

describe('samples', () => {
  it('lets the worst sample decide and keeps the matching series, worst first', () => {
    expect(one({ test: { above: 2, critical: 5 } }, samples(1, 9, 4))).toMatchObject({
      state: 'present',
      severity: 'critical',
      value: 9,
      threshold: 2,
      margin: 3.5,
      rows: [
        { i: '1', value: 9 },
        { i: '2', value: 4 },
      ],
    });
    expect(one({ test: { below: 2 } }, samples(1, 9, 4))).toMatchObject({
      state: 'present',
      value: 1,
      margin: 1,
      severity: 'warning',
    });
    expect(one({ test: { above: 2 } }, samples(1, 2))).toMatchObject({ state: 'absent', value: 2, rows: [] });
  });

  it('takes an empty answer for what its author says, and for unknown by default', () => {
    expect(one({}, samples())).toMatchObject({ state: 'unknown', reason: 'no-series' });
    expect(one({ empty: 'absent' }, samples()).state).toBe('absent');
    expect(one({ empty: 'present' }, samples()).state).toBe('present');
  });

  it('takes NaN (0/0) for no information, and infinity for what it is', () => {
    expect(one({}, samples(NaN, NaN))).toMatchObject({ state: 'unknown', reason: 'no-series' });
    expect(one({}, samples(NaN, 3))).toMatchObject({ state: 'present', value: 3 });
    expect(one({ test: { above: 1 } }, samples(Infinity))).toMatchObject({ state: 'present', margin: 1000 });
  });

  it('does not depend on the order of the series', () => {
    const series = [
      { value: 3, labels: { a: '1' } },
      { value: 3, labels: { a: '0' } },
    ];
    const reading = (list: typeof series): Reading => ({ kind: 'samples', samples: list, askedAt: NOW, tookMs: 1 });
    expect(one({}, reading(series))).toEqual(one({}, reading([...series].reverse())));
  });
});

describe('checks', () => {
  it('does not take the beginning of a check that is ok for that of what is present in it', () => {
    const waiting = (state: CheckResult['state']) =>
      one(field('waiting', { test: { above: 3 } }), check({ state, fields: { waiting: 14 }, since: NOW - 86_400_000 }));
    expect(waiting('ok')).toMatchObject({ state: 'present' });
    expect(waiting('ok').since).toBeUndefined();
    expect(waiting('warning')).toMatchObject({ state: 'present', since: NOW - 86_400_000 });
  });

  it('counts the rows that match, and keeps them', () => {
    const roots = [
      { pid: 1, state: 'active', idle: 3 },
      { pid: 2, state: 'idle in transaction', idle: 90 },
      { pid: 3, state: 'idle in transaction', idle: 5 },
    ];
    expect(
      one(
        rows({ state: { is: 'idle in transaction' }, idle: { above: 10 } }),
        check({ state: 'critical', rows: { roots }, since: NOW - 5 })
      )
    ).toMatchObject({
      state: 'present',
      value: 1,
      rows: [{ pid: 2 }],
      since: NOW - 5,
    });
    expect(one(rows({ state: { oneOf: ['active', 'disabled'] } }), check({ rows: { roots } })).value).toBe(1);
    expect(one(rows({ idle: { below: 0 } }), check({ rows: { roots } }))).toMatchObject({ state: 'absent', value: 0 });
    expect(one(rows({ nope: { above: 0 } }), check({ rows: { roots } })).value).toBe(0);
  });

  it('is unknown, not zero, when the table or the field is not there', () => {
    expect(one(rows(), check({ rows: {} }))).toMatchObject({ state: 'unknown', reason: 'query-error' });
    expect(one(field('waiting'), check({}))).toMatchObject({ state: 'unknown', reason: 'query-error' });
    expect(one(field('toString'), check({}))).toMatchObject({ state: 'unknown' });
    expect(one(field('waiting'), check({ fields: { waiting: null } }))).toMatchObject({
      state: 'unknown',
      reason: 'no-series',
    });
    expect(one(field('waiting'), check({ fields: { waiting: 'many' } }))).toMatchObject({
      state: 'unknown',
      reason: 'query-error',
    });
  });

  it('is unknown with the reason and the mend of an unknown check', () => {
    expect(
      one(
        field('waiting'),
        check({ state: 'unknown', reason: 'no-permission', summary: 'no', mend: 'GRANT', fields: { waiting: 0 } })
      )
    ).toMatchObject({
      state: 'unknown',
      reason: 'no-permission',
      mend: 'GRANT',
    });
    expect(
      one(
        field('waiting', { mend: { 'no-permission': 'Ask the DBA' } }),
        check({ state: 'unknown', reason: 'no-permission' })
      ).mend
    ).toBe('Ask the DBA');
  });

  it('reads numbers, booleans, words and the value of the check', () => {
    expect(one(field('waiting'), check({ fields: { waiting: 14, since: 'x' } }))).toMatchObject({
      state: 'present',
      value: 14,
      rows: [{ waiting: 14 }],
    });
    expect(one(field('up', { test: { below: 1 } }), check({ fields: { up: false } }))).toMatchObject({
      state: 'present',
      value: 0,
    });
    expect(one(field('class', { test: { is: 'refused' } }), check({ fields: { class: 'refused' } }))).toMatchObject({
      state: 'present',
      rows: [{ class: 'refused' }],
    });
    expect(one(field('class', { test: { isNot: 'ok' } }), check({ fields: { class: 'ok' } })).state).toBe('absent');
    expect(one(field('value'), check({ value: 2 })).value).toBe(2);
  });

  it('is stale when the round is older than the signal allows', () => {
    expect(
      one(field('waiting', { maxAge: 10 }), check({ fields: { waiting: 0 }, askedAt: NOW - 10_001 }))
    ).toMatchObject({ state: 'unknown', reason: 'stale' });
    expect(one(field('waiting', { maxAge: 10 }), check({ fields: { waiting: 0 }, askedAt: NOW - 10_000 })).state).toBe(
      'absent'
    );
  });
});

describe('alerts', () => {
  const query = { source: 'alert' as const, name: 'APIDown', labels: { service: 'gorax' } };
  const firing = (list: Array<Record<string, string | number>>): Reading => ({
    kind: 'alerts',
    firing: list,
    askedAt: NOW,
    tookMs: 1,
    since: 5,
  });

  it('is unknown when no rule of that name was evaluated, and says which to look at', () => {
    const silent = (more: Partial<Extract<Reading, { kind: 'alerts' }>>) =>
      one({ query, empty: 'absent' }, { ...firing([]), ...more } as Reading);
    expect(silent({ evaluated: ['APIDown', 'Other'] }).state).toBe('absent');
    expect(silent({ evaluated: ['Other'] })).toMatchObject({
      state: 'unknown',
      reason: 'no-series',
      mend: expect.stringMatching(/rule APIDown .*not deployed.*paused.*broken/),
    });
    const unheard = { reason: 'query-error', detail: 'HTTP 502', mend: 'Start Loki.' } as const;
    expect(silent({ evaluated: ['Other'], unheard })).toMatchObject({ state: 'unknown', ...unheard });
    expect(silent({ evaluated: ['APIDown'], unheard }).state).toBe('absent');
    // It fires: that is known, whoever else was not heard.
    expect(
      one({ query, empty: 'absent' }, {
        ...firing([{ alertname: 'APIDown', service: 'gorax' }]),
        evaluated: [],
        unheard,
      } as Reading).state
    ).toBe('present');
  });

  it('is present while an alert of that name and those labels fires', () => {
    const mine = { alertname: 'APIDown', service: 'gorax', activeAt: NOW - 9 };
    expect(one({ query, empty: 'absent' }, firing([mine, { alertname: 'Other', activeAt: 1 }]))).toMatchObject({
      state: 'present',
      value: 1,
      since: NOW - 9,
      rows: [mine],
    });
    expect(one({ query, empty: 'absent' }, firing([{ alertname: 'APIDown', service: 'other' }])).state).toBe('absent');
    expect(one({ query }, firing([])).state).toBe('unknown');
  });
});

describe('all signals of a plan', () => {
  const depends = [
    signal('root', { query: { source: 'prometheus', expr: 'root' } }),
    signal('leaf', { query: { source: 'prometheus', expr: 'leaf' }, requires: ['root'] }),
    signal('twig', { query: { source: 'prometheus', expr: 'twig' }, requires: ['leaf'] }),
    signal('asked', { query: { source: 'manual', ask: 'Was it changed?' } }),
  ];
  const bound = bind(pack([], depends), {});
  const planned = plan([bound]);
  const run = (values: Record<string, Reading>) =>
    judgeAll(
      [bound],
      planned,
      new Map([
        ...planned.queries.flatMap((query): Array<[string, Reading]> => {
          const reading = values[query.expr];
          return reading ? [[query.id, reading]] : [];
        }),
        ...Object.entries(values).filter(([key]) => key.startsWith('p/')),
      ]),
      NOW
    );

  it('does not apply what requires an absent signal, and does not know what requires an unknown one', () => {
    const gone = run({ root: samples(0), leaf: samples(1), twig: samples(1) });
    expect(gone.get('p/leaf')).toMatchObject({ state: 'unknown', reason: 'not-applicable' });
    expect(gone.get('p/twig')).toMatchObject({ state: 'unknown', reason: 'not-applicable' });
    expect(run({ leaf: samples(0) }).get('p/leaf')).toMatchObject({ state: 'unknown', reason: 'cancelled' });
    expect(run({ root: samples(1), leaf: samples(1), twig: samples(0) }).get('p/twig')?.state).toBe('absent');
  });

  it('does not apply what answers nothing because its requirement is absent: no requests, so no share of them', () => {
    expect(run({ root: samples(0), leaf: samples() }).get('p/leaf')).toMatchObject({ reason: 'not-applicable' });
    expect(run({ root: samples(1), leaf: samples() }).get('p/leaf')).toMatchObject({ reason: 'no-series' });
    expect(
      run({
        root: samples(0),
        leaf: { kind: 'failure', reason: 'timeout', detail: 'slow', mend: '', askedAt: NOW, tookMs: 1 },
      }).get('p/leaf')
    ).toMatchObject({ reason: 'timeout' });
  });

  it('is unknown, not absent, without a reading', () => {
    expect(run({}).get('p/root')).toMatchObject({ state: 'unknown', reason: 'cancelled' });
  });

  it("asks a person, and takes the answer under the signal's own key", () => {
    expect(run({}).get('p/asked')).toMatchObject({
      state: 'unknown',
      reason: 'not-configured',
      mend: 'Was it changed?',
    });
    expect(run({ 'p/asked': samples(1) }).get('p/asked')?.state).toBe('present');
  });

  it('keeps the reason of a failure', () => {
    expect(
      run({ root: { kind: 'failure', reason: 'timeout', detail: 'slow', mend: '', askedAt: NOW, tookMs: 1 } }).get(
        'p/root'
      )
    ).toMatchObject({
      state: 'unknown',
      reason: 'timeout',
      detail: 'slow',
      mend: expect.stringContaining('reachable') as string,
    });
  });
});

it('refuses a signal that the pack does not have', () => {
  expect(() => judge(bind(pack([]), {}), 'nope', undefined, NOW)).toThrow('no signal nope');
});
