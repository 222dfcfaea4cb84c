/** One slow answer is one sample: a check that measures a time accuses once two answers in a row were too slow. */
import type { CheckResult } from '@live-runbooks/engine';
import { expect, test } from 'vitest';
import type { TakenRound } from '../src/model/round';
import { SlowTwice } from '../src/rounds/slowTwice';

const round = (state: CheckResult['state'], askedAt: number, id = 'http.latency'): TakenRound => ({
  ...{ target: 'api', kind: 'http', title: 'api', state, class: 'ok', startedAt: 1, tookMs: 1 },
  checks: [
    {
      ...{ id, title: id, state, summary: '812 ms', value: 812, unit: 'ms', threshold: null, fields: {}, rows: {} },
      ...{ since: null, askedAt, tookMs: 1 },
    },
  ],
});

/** The states that are told of these answers, one after the other. */
const told = (states: ReadonlyArray<CheckResult['state']>, id?: string): Array<CheckResult['state'] | undefined> => {
  const twice = new SlowTwice();
  return states.map((state, at) => twice.judge(round(state, at, id)).checks[0]?.state);
};

test('the first slow answer is unknown, the next ones accuse', () => {
  expect(told(['ok', 'warning', 'critical', 'critical'])).toEqual(['ok', 'unknown', 'critical', 'critical']);
  const once = new SlowTwice().judge(round('critical', 1));
  expect(once).toMatchObject({
    state: 'unknown',
    class: 'ok',
    checks: [{ reason: 'timeout', value: null, summary: 'too slow in one answer so far: 812 ms' }],
  });
});

test('a fast answer begins it anew, an answer that did not come does not', () => {
  expect(told(['warning', 'ok', 'warning'])).toEqual(['unknown', 'ok', 'unknown']);
  expect(told(['warning', 'unknown', 'warning'])).toEqual(['unknown', 'unknown', 'warning']);
});

test('an answer that is remembered is one sample, however often it is told', () => {
  const twice = new SlowTwice();
  const states = [1, 1, 2, 2].map((askedAt) => twice.judge(round('warning', askedAt)).checks[0]?.state);
  expect(states).toEqual(['unknown', 'unknown', 'warning', 'warning']);
});

test('what a server counted itself accuses at once', () => {
  expect(told(['critical'], 'postgres.blocking')).toEqual(['critical']);
});
