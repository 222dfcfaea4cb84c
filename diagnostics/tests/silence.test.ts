/** One attempt without an answer proves nothing: a healthy server may be late once. Silence that lasts is a finding. */
import type { CheckResult } from '@live-runbooks/engine';
import { describe, expect, test } from 'vitest';
import type { TakenRound } from '../src/model/round';
import { SILENCE_PROVES_MS, Silence } from '../src/rounds/silence';

const check = (id: string, state: CheckResult['state'], fields: CheckResult['fields'] = {}): CheckResult => ({
  id,
  title: id,
  state,
  summary: `${id} is ${state}`,
  value: 1,
  unit: 'short',
  threshold: null,
  fields,
  rows: {},
  since: null,
  askedAt: 1,
  tookMs: 1,
});

/** A round of a Postgres whose open session answers and counts a block, with this class of availability. */
const round = (failureClass: string, message = ''): TakenRound => ({
  target: 'shop',
  kind: 'postgres',
  title: 'shop',
  state: failureClass === 'ok' ? 'warning' : 'critical',
  class: failureClass,
  startedAt: 1,
  tookMs: 1,
  checks: [
    check('postgres.availability', failureClass === 'ok' ? 'ok' : 'critical', {
      up: failureClass === 'ok',
      class: failureClass,
      message,
    }),
    check('postgres.blocking', 'warning'),
  ],
});

/** What the service says of rounds that end at these times, ms. */
function said(rounds: ReadonlyArray<readonly [at: number, round: TakenRound, excused?: boolean]>): string[] {
  const silence = new Silence();
  return rounds.map(([at, each, excused = false]) => silence.judge(each, at, excused).class);
}

describe('silence', () => {
  test.each(['hung', 'hung-postmaster', 'timeout'])('%s: unknown at first, a finding once it has lasted', (silent) => {
    const rounds = [0, 1000, SILENCE_PROVES_MS, SILENCE_PROVES_MS + 1].map((at) => [at, round(silent)] as const);
    expect(said(rounds)).toEqual(['unknown', 'unknown', silent, silent]);
  });

  test('the availability is unknown meanwhile, and the other checks stand', () => {
    const first = new Silence().judge(round('hung-postmaster'), 0, false);
    expect(first).toMatchObject({ state: 'warning', class: 'unknown' });
    expect(first.checks).toMatchObject([
      {
        state: 'unknown',
        reason: 'timeout',
        value: null,
        fields: { up: null, class: 'unknown' },
        summary: 'no answer in time, and that has lasted for less than 3 s: postgres.availability is critical',
        mend: expect.stringContaining('Look again'),
      },
      { id: 'postgres.blocking', state: 'warning', value: 1 },
    ]);
  });

  test('an answer in between begins it anew', () => {
    expect(
      said([
        [0, round('hung')],
        [2000, round('ok')],
        [3500, round('hung')],
        [5000, round('hung')],
      ])
    ).toEqual(['unknown', 'ok', 'unknown', 'unknown']);
  });

  test('what a server answered needs no second round', () => {
    expect(said([[0, round('refused')]])).toEqual(['refused']);
  });

  test('a round of a starved service does not begin it', () => {
    expect(
      said([
        [0, round('hung'), true],
        [4000, round('hung')],
      ])
    ).toEqual(['hung', 'unknown']);
  });

  test('it is pending until it is proven or over', () => {
    const silence = new Silence();
    const pendingAfter = (at: number, each: TakenRound): boolean => {
      silence.judge(each, at, false);
      return silence.pending;
    };
    expect(pendingAfter(0, round('ok'))).toBe(false);
    expect(pendingAfter(1000, round('hung'))).toBe(true);
    expect(pendingAfter(5000, round('hung'))).toBe(false);
    expect(pendingAfter(6000, round('ok'))).toBe(false);
  });
});
