import { describe, expect, it } from 'vitest';

import {
  bind,
  diagnose,
  isLost,
  judgeAll,
  plan,
  recoveryOf,
  triage,
  wasTrue,
  type CheckResult,
  type Reading,
} from '../src/index';
import { cause, evidence, NOW, pack, runbook, signal } from './makePack';

/** Requests fail because sessions wait for a lock; Prometheus sees the errors through a window, the service sees the lock. */
const shop = bind(
  pack(
    [
      runbook(
        'locks',
        ['waiting', 'errors'],
        [
          cause('idle-holder', [evidence('holder', 'decisive', '-decisive'), evidence('late', 'none')], {
            says: 'Session {{holder.pid}} holds it',
          }),
          cause('slow-work', [evidence('slow', 'moderate', '-decisive')]),
        ]
      ),
      runbook('full-queue', ['queue'], [cause('too-few-workers', [evidence('busy', 'decisive', '-decisive')])]),
    ],
    [
      check('waiting', 'blocking', { field: 'waiting' }),
      check('holder', 'blocking', { rows: 'roots', where: {} }),
      check('late', 'late', { field: 'value' }),
      check('spare', 'spare', { field: 'value' }),
      signal('errors', { query: { source: 'prometheus', expr: 'rate(errors[5m])' }, recent: 'errors-recent' }),
      signal('errors-recent', { query: { source: 'prometheus', expr: 'rate(errors[75s])' } }),
    ]
  ),
  {}
);
const asked = plan([shop]);

function check(id: string, of: string, read: { field: string } | { rows: string; where: Record<string, never> }) {
  return signal(id, { query: { source: 'diagnostics', check: of, target: 'db', read } });
}

/** What the sources say at one moment; what is not named is at rest. */
interface Moment {
  at?: number;
  blocking?: { waiting: number; since: number; state?: CheckResult['state'] } | 'failed';
  spare?: number;
  late?: number;
  values?: Record<string, number>;
}

const HOUR = 3_600_000;

function readingsOf({
  at = NOW,
  blocking = { waiting: 0, since: at - HOUR },
  spare = at - HOUR,
  late = at - HOUR,
  values = {},
}: Moment) {
  const timing = { askedAt: at, tookMs: 1 };
  const failed: Reading = { kind: 'failure', reason: 'no-series', detail: '', mend: '', ...timing };
  const answered = (id: string, value: number, since: number, state: CheckResult['state'] = 'ok'): Reading => ({
    kind: 'check',
    check: {
      ...{ id, title: id, state, summary: '', value, unit: 'short', threshold: null, since, ...timing },
      fields: { waiting: value, value },
      rows: { roots: value > 0 ? [{ pid: 4711 }] : [] },
    },
    ...timing,
  });
  return new Map(
    asked.queries.map((query): [string, Reading] => {
      if (query.check === 'blocking') {
        return [
          query.id,
          blocking === 'failed'
            ? failed
            : answered(
                'blocking',
                blocking.waiting,
                blocking.since,
                blocking.state ?? (blocking.waiting > 0 ? 'critical' : 'ok')
              ),
        ];
      }
      const value = values[query.signals[0]?.replace('p/', '') ?? ''] ?? 0;
      return [
        query.id,
        query.source === 'diagnostics'
          ? answered(query.check ?? '', 0, query.check === 'late' ? late : spare)
          : { kind: 'samples', samples: [{ value, labels: {} }], ...timing },
      ];
    })
  );
}

function look(moment: Moment) {
  const at = moment.at ?? NOW;
  const readings = readingsOf(moment);
  const outcomes = judgeAll([shop], asked, readings, at);
  const diagnoses = shop.pack.runbooks.map(({ id }) => diagnose(shop, id, outcomes, at));
  return { readings, outcomes, diagnoses, triage: triage([shop], diagnoses, outcomes, at), at };
}

const recovery = (moment: Moment) => {
  const { readings, diagnoses, outcomes, at } = look(moment);
  return recoveryOf([shop], asked, readings, diagnoses, outcomes, at);
};

/** The whole way: what was true before the recovery that `now` shows, when `then` is what is found at that moment. */
function told(now: Moment, then: Omit<Moment, 'at'>) {
  const found = recovery(now);
  return found && wasTrue(found, look({ ...then, at: found.at }), look(now));
}

const OVER = NOW - 120_000;
const BEGAN = OVER - 445_000;
const locked = { blocking: { waiting: 14, since: BEGAN }, values: { errors: 1, 'errors-recent': 1 } };
const healed = { blocking: { waiting: 0, since: OVER } };

describe('the moment before a recovery', () => {
  it('is one round before a check became ok', () => {
    expect(recovery(healed)).toMatchObject({ at: OVER - 10_000 });
    expect(recovery(healed)?.ended.get('p/holder')).toBe(OVER);
  });

  it('is before the first of the checks that became ok one after the other', () => {
    expect(recovery({ ...healed, late: OVER + 100_000 })?.at).toBe(OVER - 10_000);
    expect(told({ ...healed, late: OVER + 100_000 }, locked)).toMatchObject([{ cause: 'idle-holder', to: OVER }]);
  });

  it('is that of the latest recovery', () => {
    expect(recovery({ blocking: { waiting: 0, since: OVER - 600_000 }, late: OVER })?.at).toBe(OVER - 10_000);
  });

  it('is none while nothing recovered, and nothing is asked', () => {
    expect(recovery({})).toBeUndefined();
    expect(recovery(locked)).toBeUndefined();
  });

  it('is forgotten after half an hour', () => {
    expect(recovery({ blocking: { waiting: 0, since: NOW - 31 * 60_000 } })).toBeUndefined();
  });

  it('is none where a check cannot be asked any more: unknown is not recovered', () => {
    expect(recovery({ blocking: { waiting: 0, since: OVER, state: 'unknown' } })).toBeUndefined();
    expect(recovery({ blocking: 'failed' })).toBeUndefined();
  });

  it('is none where the service has only begun to look', () => {
    expect(
      recovery({ blocking: { waiting: 0, since: OVER }, spare: OVER - 15_000, late: OVER - 15_000 })
    ).toBeUndefined();
  });

  it('is asked for in one runbook, whose few checks may have recovered together, and nothing is claimed lost', () => {
    const { readings, diagnoses, outcomes } = look({
      blocking: { waiting: 0, since: OVER },
      spare: OVER - 15_000,
      late: OVER - 15_000,
    });
    const found = recoveryOf([shop], asked, readings, diagnoses.slice(0, 1), outcomes, NOW);
    expect(found).toMatchObject({ at: OVER - 25_000, certain: false });
    expect(isLost(found!, readingsOf({ blocking: 'failed' }))).toBe(false);
  });

  it('is none for a check that no symptom and no evidence reads', () => {
    expect(recovery({ spare: OVER })).toBeUndefined();
  });

  it('lies within the window of what fades, and stands still while the page is refreshed', () => {
    const fading = { values: { errors: 1 } };
    const found = recovery(fading);
    expect(NOW - (found?.at ?? 0)).toBeGreaterThanOrEqual(150_000);
    expect(NOW - (found?.at ?? 0)).toBeLessThanOrEqual(300_000);
    expect(recovery({ ...fading, at: NOW + 1000 })?.at).toBe(found?.at);
  });
});

describe('what was true until then', () => {
  it('is the cause that was likely, with the sentence and the times of then', () => {
    expect(told(healed, locked)).toEqual([
      {
        pack: 'p',
        runbook: 'locks',
        cause: 'idle-holder',
        alsoIn: [],
        title: 'Title of idle-holder',
        says: 'Session 4711 holds it',
        from: BEGAN,
        seen: OVER - 10_000,
        to: OVER,
      },
    ]);
  });

  it('is told while what it caused fades from the window', () => {
    expect(told({ ...healed, values: { errors: 1 } }, locked)).toMatchObject([{ cause: 'idle-holder', to: OVER }]);
  });

  it('is told beside other symptoms that are still present', () => {
    expect(told({ ...healed, values: { queue: 5, busy: 1 } }, locked)).toMatchObject([{ cause: 'idle-holder' }]);
  });

  it('has no end where only a window faded: nobody saw it', () => {
    const [found] = told({ values: { errors: 1 } }, locked) ?? [];
    expect(found).toMatchObject({ cause: 'idle-holder' });
    expect(found).not.toHaveProperty('to');
  });

  it('is no cause that is still a suspect', () => {
    expect(told({ ...healed, values: { queue: 5, busy: 1 } }, { values: { queue: 5, busy: 1 } })).toEqual([]);
  });

  it('is no cause whose symptoms cannot be checked any more', () => {
    const now = look(healed);
    const outcomes = new Map(now.outcomes);
    outcomes.set('p/errors', { ...outcomes.get('p/errors')!, state: 'unknown', reason: 'timeout' });
    const diagnoses = shop.pack.runbooks.map(({ id }) => diagnose(shop, id, outcomes, NOW));
    const found = recovery(healed)!;
    const blind = { diagnoses, triage: triage([shop], diagnoses, outcomes, NOW) };
    expect(wasTrue(found, look({ ...locked, at: found.at }), blind)).toEqual([]);
  });

  it('is no cause that was only possible', () => {
    const possible = { values: { errors: 1, 'errors-recent': 1, slow: 1 } };
    expect(look(possible).triage.suspects).toMatchObject([{ cause: 'slow-work', verdict: 'possible' }]);
    expect(told(healed, possible)).toEqual([]);
  });

  it('is not known where nothing was recorded', () => {
    const found = recovery(healed)!;
    expect(isLost(found, readingsOf({ ...locked, at: found.at }))).toBe(false);
    expect(isLost(found, readingsOf({ ...locked, at: found.at, blocking: 'failed' }))).toBe(true);
  });
});
