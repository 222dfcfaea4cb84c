/** Never green beside red: what is red and no likely suspect accounts for is said first, or beside the suspect. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  bind,
  diagnose,
  triage,
  type CheckResult,
  type FiringAlert,
  type Outcome,
  type Seen,
  type Signal,
  type Triage,
  type UnknownReason,
  type Unread,
} from '../src/index';
import { absent, cause, evidence, NOW, outcomes, pack, present, runbook, signal, unknown } from './makePack';

const readsBlocking: Partial<Signal> = {
  query: { source: 'diagnostics', check: 'postgres.blocking', target: 'pg', read: { field: 'waiting' } },
};
const made = pack(
  [
    runbook(
      'locks',
      ['waiters'],
      [cause('holder', [evidence('idle', 'decisive', '-decisive')], { explains: ['slow'] })],
      {
        alerts: ['LockWaits'],
        title: 'Lock contention',
      }
    ),
    runbook('slow', ['latency'], [cause('load', [evidence('cpu', 'strong', '-strong'), evidence('panics', 'weak')])], {
      alerts: ['SlowApi'],
      title: 'Slow API',
    }),
  ],
  [
    signal('waiters', readsBlocking),
    signal('idle', {
      query: { source: 'diagnostics', check: 'postgres.blocking', target: 'pg', read: { field: 'roots' } },
    }),
    signal('panics', { title: 'Panics in the log', trouble: true, query: { source: 'loki', expr: 'panics' } }),
    signal('cpu', { title: 'CPU in use', test: { above: 0.8, critical: 0.95 }, unit: 'percentunit' }),
  ]
);
const bound = bind(made, {});

function run(seen: Partial<Seen>, ...found: readonly Outcome[]): Triage {
  const all = ['waiters', 'idle', 'latency', 'cpu', 'panics'].map(
    (id) => found.find((outcome) => outcome.signal === id) ?? absent(id)
  );
  const map = outcomes(...all);
  const diagnoses = made.runbooks.map(({ id }) => diagnose(bound, id, map, NOW));
  return triage([bound], diagnoses, map, NOW, { rounds: [], alerts: [], unread: [], ...seen });
}

const check = (id: string, state: CheckResult['state'], more: Partial<CheckResult> = {}): CheckResult => ({
  id,
  title: `Title of ${id}`,
  state,
  summary: `${id} is ${state}`,
  value: null,
  unit: 'short',
  threshold: null,
  fields: {},
  rows: {},
  since: NOW - 60_000,
  askedAt: NOW,
  tookMs: 1,
  ...more,
});
const rounds = (...checks: readonly CheckResult[]) => ({ rounds: [{ target: 'pg', title: 'Gorax Postgres', checks }] });
const alert = (name: string, severity?: string): FiringAlert => ({
  name,
  labels: { alertname: name, ...(severity === undefined ? {} : { severity }) },
  annotations: { summary: `${name} is on` },
  activeAt: NOW - 90_000,
  source: 'prometheus',
});

describe('never green beside red', () => {
  it('calls a critical check that no runbook reads a problem, names it, and says that no runbook explains it', () => {
    const settings = check('postgres.settings', 'critical', { summary: 'fsync is off', mend: 'Turn it on' });
    const result = run(rounds(settings, check('postgres.blocking', 'ok')));
    expect(result).toMatchObject({ state: 'problem', suspects: [] });
    expect(result.headline).toEqual({
      verdict: 'problem',
      leaders: [],
      sentence: 'Gorax Postgres: fsync is off. No runbook explains it.',
      since: NOW - 60_000,
    });
    expect(result.findings).toEqual([
      {
        kind: 'check',
        id: 'pg/postgres.settings',
        title: 'Title of postgres.settings',
        where: 'Gorax Postgres',
        severity: 'critical',
        says: 'Gorax Postgres: fsync is off.',
        since: NOW - 60_000,
        source: 'diagnostics',
        mend: 'Turn it on',
      },
    ]);
  });

  it('has a word of its own for what only warns, and the worst goes first', () => {
    expect(run(rounds(check('postgres.wal', 'warning'))).headline.verdict).toBe('warning');
    const both = run({ ...rounds(check('postgres.wal', 'warning')), alerts: [alert('DiskFull', 'critical')] });
    expect(both.state).toBe('problem');
    expect(both.headline.sentence).toBe(
      'The alert DiskFull fires: DiskFull is on. No runbook explains it. Also: Gorax Postgres: postgres.wal is warning.'
    );
  });

  it.each([
    ['critical', 'problem'],
    [undefined, 'problem'],
    ['page', 'problem'],
    ['warning', 'warning'],
    ['info', 'warning'],
  ])('a firing alert of severity %s that no runbook knows is a %s', (severity, state) => {
    expect(run({ alerts: [alert('Stranger', severity)] })).toMatchObject({ state, headline: { verdict: state } });
  });

  it('leaves out the alert that always fires to show that alerting works', () => {
    expect(run({ alerts: [alert('Watchdog', 'none')] })).toMatchObject({ state: 'nothing-wrong', findings: [] });
  });

  it('counts the instances of one alert, and leads to the runbook that knows it', () => {
    const result = run({ alerts: [alert('LockWaits', 'critical'), alert('LockWaits', 'warning')] });
    expect(result.findings).toHaveLength(1);
    expect(result.findings[0]).toMatchObject({ severity: 'critical', runbook: { runbook: 'locks' } });
    expect(result.headline.sentence).toMatch(
      /^The alert LockWaits fires \(2 times\).* Its runbook, Lock contention, does not/
    );
    expect(result.headline.open).toEqual({ pack: 'p', runbook: 'locks' });
  });

  it('names a signal that means trouble by itself while no symptom shows: panics in the log', () => {
    const result = run({}, present('panics', { value: 200 }));
    expect(result.state).toBe('problem');
    expect(result.headline.sentence).toMatch(/^P: Panics in the log: 200\. Its runbook, Slow API, does not explain it/);
  });

  it('takes a signal beyond its critical threshold for trouble, unless its author says otherwise', () => {
    const hot = present('cpu', { value: 0.97, severity: 'critical' });
    expect(run({}, hot).findings).toMatchObject([{ kind: 'signal', id: 'p/cpu' }]);
    expect(run({}, present('cpu', { value: 0.85, severity: 'warning' })).findings).toEqual([]);
  });

  it('says beside a likely suspect what that suspect does not account for, and nothing twice', () => {
    const locked = [present('waiters', { value: 14 }), present('idle'), present('latency')];
    const red = rounds(check('postgres.blocking', 'critical'), check('postgres.wal', 'critical'));
    const result = run({ ...red, alerts: [alert('LockWaits'), alert('SlowApi'), alert('Stranger')] }, ...locked);
    expect(result.headline).toMatchObject({ verdict: 'likely', leaders: [{ cause: 'holder' }] });
    // Its check, its alert, and the alert of the runbook that it explains are accounted for.
    expect(result.findings.map(({ id }) => id)).toEqual(['Stranger', 'pg/postgres.wal']);
    expect(result.headline.sentence).toBe(
      'It is holder. Not explained by this: The alert Stranger fires: Stranger is on. Gorax Postgres: postgres.wal is critical.'
    );
  });

  describe('an alert or a check of a likely suspect', () => {
    const began = NOW - 30 * 60_000;
    const locked = [present('waiters', { value: 14 }), present('latency')];
    const idle = (since?: number) => present('idle', since === undefined ? {} : { since });
    const firing = (name: string, activeAt?: number): FiringAlert => {
      const { activeAt: _, ...rest } = alert(name);
      return activeAt === undefined ? rest : { ...rest, activeAt };
    };
    const open = (alerts: readonly FiringAlert[], since?: number, seen: Partial<Seen> = {}) =>
      run({ alerts, ...seen }, ...locked, idle(since)).findings.map(({ id }) => id);

    it('is no effect of it when it began clearly before: that is said, and the suspect stays likely', () => {
      const result = run({ alerts: [firing('LockWaits', began - 3_600_000)] }, ...locked, idle(began));
      expect(result.headline.verdict).toBe('likely');
      expect(result.headline.sentence).toBe(
        'It is holder. Not explained by this: The alert LockWaits fires: LockWaits is on.'
      );
      expect(open([firing('SlowApi', began - 3_600_000)], began)).toEqual(['SlowApi']);
    });

    it('is its effect when it began after it, or before it by no more than a source may be late', () => {
      expect(open([firing('LockWaits', began + 60_000), firing('SlowApi', began - 120_000)], began)).toEqual([]);
    });

    it('is its effect where one of the two times is not known', () => {
      expect(open([firing('LockWaits')], began)).toEqual([]);
      expect(open([firing('LockWaits', began - 3_600_000)])).toEqual([]);
    });

    it('is told apart by instance: the old one is said, the new one is not counted with it', () => {
      const result = run(
        { alerts: [firing('LockWaits', began - 3_600_000), firing('LockWaits', began + 60_000)] },
        ...locked,
        idle(began)
      );
      expect(result.findings).toMatchObject([{ id: 'LockWaits', since: began - 3_600_000 }]);
      expect(result.findings[0]?.says).not.toContain('times');
    });

    it('holds for checks as for alerts', () => {
      const blocking = (since: number) => rounds(check('postgres.blocking', 'critical', { since }));
      expect(open([], began, blocking(began))).toEqual([]);
      expect(open([], began, blocking(began - 3_600_000))).toEqual(['pg/postgres.blocking']);
    });

    it('leaves a symptom that began clearly before it unexplained', () => {
      const symptom = (since: number) => [present('waiters'), present('latency', { since }), idle(began)];
      expect(run({}, ...symptom(began - 3_600_000)).unexplained).toEqual([{ runbook: 'slow', signal: 'latency' }]);
      expect(run({}, ...symptom(began + 60_000)).unexplained).toEqual([]);
    });
  });

  it('is not green beside what could not be read, and says so', () => {
    const unread = {
      what: 'the alert rules of Grafana',
      reason: 'timeout',
      detail: 'no answer',
      mend: 'Ask again.',
    } as const;
    const result = run({ unread: [unread] });
    expect(result).toMatchObject({ state: 'nothing-wrong-found', headline: { verdict: 'nothing-found' } });
    expect(result.headline.notChecked).toBe('The alert rules of Grafana could not be read (no answer). Ask again.');
  });

  describe('an estate without logs', () => {
    const rules = (reason: UnknownReason): Unread => ({
      what: 'the alert rules of Loki',
      rulesOf: 'loki',
      reason,
      detail: 'they were not asked',
      mend: 'Choose one.',
    });
    const noLogs = unknown('panics', { reason: 'not-configured' });

    it('has no known problem in what is connected, and the limit stands in the same sentence', () => {
      const result = run({ unread: [rules('not-configured')] }, noLogs);
      expect(result).toMatchObject({ state: 'no-known-problem', headline: { verdict: 'no-known-problem' } });
      expect(result.sentence).toBe(
        'No known problem in what is connected; 4 of 5 checked. Logs are not connected: 1 signal and the alert rules of Loki are not checked.'
      );
      expect(run({}, noLogs).state).toBe('no-known-problem');
    });

    it('does not say that rules are not checked which were', () => {
      expect(run({}, noLogs).sentence).toMatch(/Logs are not connected: 1 signal is not checked\.$/);
    });

    it('is not fine where the rules of Loki failed, and only its queries are not connected', () => {
      const result = run({ unread: [rules('timeout')] }, noLogs);
      expect(result.state).toBe('nothing-wrong-found');
      expect(result.headline.notChecked).toContain('The alert rules of Loki could not be read');
    });

    it('is told from one whose logs fail', () => {
      const down = unknown('panics', { reason: 'timeout' });
      expect(run({ unread: [rules('timeout')] }, down).state).toBe('nothing-wrong-found');
      expect(run({ unread: [rules('query-error')] }, absent('panics')).state).toBe('nothing-wrong-found');
    });

    it('is not fine beside another source that could not be read, or beside another symptom that is unknown', () => {
      const grafana = { what: 'the alert rules of Grafana', reason: 'timeout', detail: 'no answer', mend: '' } as const;
      const result = run({ unread: [rules('not-configured'), grafana] }, noLogs);
      expect(result.state).toBe('nothing-wrong-found');
      expect(result.headline.notChecked).toBe(
        'Logs are not connected: 1 signal and the alert rules of Loki are not checked. The alert rules of Grafana could not be read (no answer).'
      );
      expect(run({}, noLogs, unknown('latency')).state).toBe('nothing-wrong-found');
    });

    it('is a problem beside red, with the limit beside it', () => {
      const result = run(
        { ...rounds(check('postgres.durability', 'critical')), unread: [rules('not-configured')] },
        noLogs
      );
      expect(result.state).toBe('problem');
      expect(result.headline.notChecked).toMatch(/^Logs are not connected/);
    });
  });

  describe('beside signals that failed, while the rules and the rounds of their source were read', () => {
    const failures = ['query-error', 'timeout', 'no-permission', 'stale'] as const;

    it.each(failures)('is not green where the queries of the logs fail (%s), and says so', (reason) => {
      const result = run({}, unknown('panics', { reason, mend: 'Mend the logs.' }));
      expect(result).toMatchObject({ state: 'nothing-wrong-found', headline: { verdict: 'nothing-found' } });
      expect(result.headline.notChecked).toMatch(/^1 of 5 signals was not checked\. .*Loki.*: Mend the logs\.$/);
    });

    it.each(failures)('is not green where one query of Prometheus, or one check, fails (%s)', (reason) => {
      expect(run({}, unknown('cpu', { reason })).state).toBe('nothing-wrong-found');
      expect(run({}, unknown('idle', { reason })).state).toBe('nothing-wrong-found');
    });

    it('cannot assess where all of them fail', () => {
      const all = ['waiters', 'latency', 'idle', 'cpu', 'panics'].map((id) => unknown(id, { reason: 'query-error' }));
      expect(run({}, ...all).state).toBe('cannot-assess');
    });

    it('is green where a signal has nothing to show, or does not apply', () => {
      expect(run({}, unknown('panics', { reason: 'no-series' })).state).toBe('nothing-wrong');
      expect(run({}, unknown('panics', { reason: 'not-applicable' })).state).toBe('nothing-wrong');
    });
  });

  it('takes a check that it may not see for blindness, and one that does not apply for nothing', () => {
    const blind = check('postgres.row_security', 'unknown', {
      reason: 'no-permission',
      summary: 'may not see',
      mend: 'GRANT',
    });
    expect(run(rounds(blind)).state).toBe('nothing-wrong-found');
    expect(run(rounds({ ...blind, reason: 'not-applicable' })).state).toBe('nothing-wrong');
  });

  it('holds for any outcomes, rounds and alerts: red is in the headline, in a finding, or explained by a suspect', () => {
    const ids = ['waiters', 'idle', 'latency', 'cpu', 'panics'];
    const outcome = (id: string) =>
      fc
        .tuple(fc.constantFrom('present', 'absent', 'unknown'), fc.constantFrom('warning', 'critical'))
        .map(([state, severity]) =>
          state === 'present' ? present(id, { value: 9, severity }) : state === 'absent' ? absent(id) : unknown(id)
        );
    const states = fc.constantFrom<CheckResult['state']>('ok', 'warning', 'critical', 'unknown');
    const checks = fc
      .array(fc.tuple(fc.constantFrom('postgres.blocking', 'postgres.settings', 'postgres.wal'), states), {
        maxLength: 4,
      })
      .map((list) => [...new Map(list)].map(([id, state]) => check(id, state)));
    const alerts = fc
      .array(
        fc.tuple(fc.constantFrom('LockWaits', 'SlowApi', 'Stranger'), fc.constantFrom('critical', 'warning', 'info')),
        { maxLength: 4 }
      )
      .map((list) => list.map(([name, severity]) => alert(name, severity)));
    fc.assert(
      fc.property(fc.tuple(...ids.map(outcome)), checks, alerts, (found, seenChecks, firing) => {
        const result = run({ ...rounds(...seenChecks), alerts: firing }, ...found);
        const red = [
          ...seenChecks.filter(({ state }) => state === 'critical' || state === 'warning').map(({ id }) => `pg/${id}`),
          ...firing.map(({ name }) => name),
          ...found.filter(({ signal: id, state }) => id === 'panics' && state === 'present').map(() => 'p/panics'),
        ];
        const { verdict, sentence } = result.headline;
        if (red.length > 0) {
          expect(['likely', 'possible', 'problem', 'warning', 'recovering']).toContain(verdict);
          expect(['problem', 'warning']).toContain(result.state);
        }
        const [worst] = result.findings;
        if (worst && verdict !== 'problem') {
          expect(sentence).toContain(worst.says);
        }
        const findings = new Set(result.findings.map(({ id }) => id));
        const problems = found.filter(
          ({ signal: id, state }) => ['waiters', 'latency'].includes(id) && state === 'present'
        );
        for (const id of red.filter((each) => !findings.has(each))) {
          // Not a finding: then a likely suspect accounts for it, or a runbook with a problem speaks of the signal.
          const likely = result.suspects.some((suspect) => suspect.verdict === 'likely');
          expect(likely || (id === 'p/panics' && problems.length > 0)).toBe(true);
        }
      }),
      { numRuns: 500 }
    );
  });
});

describe('where two causes cannot be told apart', () => {
  it('says A or B, and which check decides; nobody of them is accused alone', () => {
    const tied = pack([
      runbook(
        'r',
        ['s'],
        [
          cause('a', [evidence('x', 'strong', '-strong'), evidence('u', 'strong', '-strong')], { says: 'It is A' }),
          cause('b', [evidence('y', 'strong', '-strong'), evidence('u', '-strong', 'strong')], { says: 'It is B' }),
        ]
      ),
    ]);
    const of = bind(tied, {});
    const map = outcomes(present('s'), present('x'), present('y'), unknown('u'));
    const { headline } = triage([of], [diagnose(of, 'r', map, NOW)], map, NOW);
    expect(headline.leaders.map(({ cause: id }) => id)).toEqual(['a', 'b']);
    expect(headline.sentence).toBe('Title of a or Title of b; "Signal u" decides.');
    expect(headline.next?.signal).toBe('u');
  });
});
