/** What the watch of a fix says holds for every curve: each sentence is checked by a reading of the curve of its own. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { bind, fillFix, watchFix, type FilledFix, type FixWatch, type Outcome } from '../src/index';
import { absent, cause, evidence, fix, NOW, outcomes, pack, present, runbook, unknown } from './makePack';

const GOOD = 'absent';
const GAP_MS = 90_000;

interface Case {
  readonly soonest: number;
  readonly within: number;
  readonly hold: number;
  readonly underway: boolean;
  /** Looks from a minute before the copy on; times in ms from the copy. */
  readonly looks: ReadonlyArray<{
    readonly at: number;
    readonly state: Outcome['state'];
    readonly busy: Outcome['state'];
  }>;
}

const state = fc.constantFrom<Outcome['state']>('present', 'absent', 'unknown');
/** States come in stretches, as they do in life; else nothing would ever hold. */
const looks = fc
  .array(
    fc.record({ state, busy: state, times: fc.integer({ min: 1, max: 12 }), step: fc.integer({ min: 1, max: 60 }) }),
    {
      minLength: 1,
      maxLength: 10,
    }
  )
  .map((stretches) => {
    let at = -60_000;
    return stretches.flatMap(({ state, busy, times, step }) =>
      Array.from({ length: times }, () => ({ at: (at += step * 1000), state, busy }))
    );
  });
const cases: fc.Arbitrary<Case> = fc.record({
  soonest: fc.integer({ min: 1, max: 30 }),
  within: fc.integer({ min: 30, max: 300 }),
  hold: fc.integer({ min: 5, max: 60 }),
  underway: fc.boolean(),
  looks,
});

const outcome = (signal: string, { at, state }: { at: number; state: Outcome['state'] }): Outcome => ({
  ...(state === 'present'
    ? present(signal, { value: 9 })
    : state === 'absent'
      ? absent(signal, { value: 0 })
      : unknown(signal)),
  askedAt: NOW + at,
});

function fillCase({ soonest, within, hold, underway }: Case): FilledFix {
  const one = fix('f', {
    soonest,
    rollback: 'undo it',
    verify: { signal: 's', becomes: GOOD, within, hold, says: 'it is good', ...(underway ? { underway: 'busy' } : {}) },
  });
  const made = pack([runbook('r', ['s'], [cause('a', [evidence('busy', 'weak')])], { fixes: { f: one } })]);
  return fillFix(bind(made, {}), 'r', 'f', outcomes());
}

/** What the watch says after each look, and a while after the last. */
function film(one: Case): Array<{ readonly now: number; readonly seen: Case['looks']; readonly watch: FixWatch }> {
  const filled = fillCase(one);
  const instants = [...one.looks.map(({ at }) => at + 1), (one.looks.at(-1)?.at ?? 0) + 200_000].filter(
    (now) => now > 0
  );
  return instants.map((now) => {
    const seen = one.looks.filter(({ at }) => at <= now);
    const history = seen.flatMap((look) => [outcome('s', look), outcome('busy', { at: look.at, state: look.busy })]);
    return { now, seen, watch: watchFix(filled, history, NOW, NOW + now) };
  });
}

/** Stretches in which nothing but good was seen, without a gap. */
function goodRuns(seen: Case['looks']): Array<{ readonly from: number; readonly to: number }> {
  const runs: Array<{ from: number; to: number }> = [];
  let open = false;
  for (const { at, state } of seen) {
    const last = runs.at(-1);
    if (state === GOOD && open && last && at - last.to <= GAP_MS) {
      last.to = at;
    } else if (state === GOOD) {
      runs.push({ from: at, to: at });
    }
    open = state === GOOD;
  }
  return runs;
}
const known = (seen: Case['looks']) => seen.filter(({ state }) => state !== 'unknown');
const holds = (say: (one: Case) => void) => fc.assert(fc.property(cases, say), { numRuns: 150 });

describe('the watch of a fix, for every curve', () => {
  it('never says worked without data in the wished state for the hold time', () => {
    let worked = 0;
    holds((one) => {
      for (const { seen, watch } of film(one)) {
        if (watch.state === 'worked') {
          worked++;
          expect(goodRuns(seen).some(({ from, to }) => to - from >= one.hold * 1000 && to > one.soonest * 1000)).toBe(
            true
          );
        }
      }
    });
    expect(worked).toBeGreaterThan(0);
  });

  it('never credits what was good before the command could act, or became good after its time', () => {
    holds((one) => {
      for (const { seen, watch } of film(one)) {
        if (watch.state === 'worked') {
          const took = watch.tookMs ?? NaN;
          expect(took).toBeGreaterThanOrEqual(one.soonest * 1000);
          expect(took).toBeLessThanOrEqual(one.within * 1000);
          // The look before that one which gave an answer was bad, and it was not long before the copy.
          const last = known(seen)
            .filter(({ at }) => at < took)
            .at(-1);
          expect(last?.state).toBe('present');
          expect(last?.at).toBeGreaterThanOrEqual(-60_000);
        }
      }
    });
  });

  it('offers no undo before its time is over, none while it may be at work, and none when it worked', () => {
    let undos = 0;
    holds((one) => {
      for (const { now, seen, watch } of film(one)) {
        if (watch.undo !== undefined) {
          undos++;
          expect(now).toBeGreaterThanOrEqual(one.within * 1000);
          expect(['no-change', 'relapsed']).toContain(watch.state);
          expect(known(seen).at(-1)?.state).toBe('present');
          if (one.underway) {
            expect(seen.at(-1)?.busy).toBe('absent');
          }
        }
      }
    });
    expect(undos).toBeGreaterThan(0);
  });

  it('notices every relapse', () => {
    let relapses = 0;
    holds((one) => {
      let worked = false;
      for (const { seen, watch } of film(one)) {
        if (worked && known(seen).at(-1)?.state === 'present') {
          relapses++;
          expect(watch.state).toBe('relapsed');
        }
        worked = watch.state === 'worked';
      }
    });
    expect(relapses).toBeGreaterThan(0);
  });

  it('does not turn a failure into a success when more is seen', () => {
    holds((one) => {
      let failed = false;
      for (const { now, watch } of film(one)) {
        failed ||= watch.state === 'no-change' || (watch.state === 'relapsed' && watch.undo !== undefined);
        if (failed && now > one.within * 1000) {
          expect(watch.state).not.toBe('worked');
        }
      }
    });
  });

  it('says no change only of what was seen to be bad at the end of its time', () => {
    holds((one) => {
      for (const { seen, watch } of film(one)) {
        if (watch.state === 'no-change') {
          expect(known(seen).at(-1)).toMatchObject({ state: 'present' });
          expect(known(seen).at(-1)?.at).toBeGreaterThanOrEqual(one.within * 1000);
          expect(seen.some(({ at, state }) => state === GOOD && at >= one.soonest * 1000)).toBe(false);
        }
      }
    });
  });

  it('does not depend on the order in which outcomes came', () => {
    holds((one) => {
      const filled = fillCase(one);
      const history = one.looks.map((look) => outcome('s', look));
      const now = NOW + (one.looks.at(-1)?.at ?? 0) + 1;
      expect(watchFix(filled, [...history].reverse(), NOW, now)).toEqual(watchFix(filled, history, NOW, now));
    });
  });
});
