import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type KeptRound, retentionOf, surplus } from '../../src/recorder/retention';
import { HOUR, MINUTE, START } from './made';

const retention = retentionOf(24);
const every = (ms: number, from: number, to: number): KeptRound[] =>
  Array.from({ length: Math.floor((to - from) / ms) }, (_, index) => ({
    id: index + 1,
    at: from + index * ms,
    changed: index === 0,
  }));
const thinned = (rounds: readonly KeptRound[], now: number): KeptRound[] => {
  const gone = new Set(surplus(rounds, now, retention));
  return rounds.filter((round) => !gone.has(round));
};

/** Rounds of up to 30 hours at uneven distances, some of them changes. */
const anyRounds = fc
  .array(
    fc.record({
      step: fc.integer({ min: 1, max: 20 * MINUTE }),
      changed: fc.boolean(),
    }),
    { maxLength: 300 }
  )
  .map((steps) => {
    let at = START;
    return steps.map(({ step, changed }, index): KeptRound => {
      at += step;
      return { id: index + 1, at, changed };
    });
  });
const anyNow = fc.integer({ min: START, max: START + 40 * HOUR });

describe('surplus', () => {
  it('keeps all of an hour, one a minute until six hours, one per five minutes until the end', () => {
    const now = START + 24 * HOUR;
    const kept = thinned(every(2000, START, now), now);
    const within = (from: number, to: number) =>
      kept.filter((round) => now - round.at > from && now - round.at <= to).length;
    // A bucket that a border runs through has a first on both sides, and the round in force at the end stays.
    expect(within(-1, HOUR - 1)).toBe(1799);
    expect(within(HOUR - 1, 6 * HOUR - 1)).toBe(300 + 1);
    expect(within(6 * HOUR - 1, 24 * HOUR)).toBe(216 + 1);
  });

  it('keeps the round that is in force where the kept time begins', () => {
    const now = START + 30 * HOUR;
    const kept = thinned([{ id: 1, at: START, changed: true }], now);
    expect(kept).toHaveLength(1);
  });

  it('never drops a change of state inside the kept time', () => {
    fc.assert(
      fc.property(anyRounds, anyNow, (rounds, now) => {
        for (const gone of surplus(rounds, now, retention)) {
          expect(gone.changed && gone.at > now - retention.keepMs).toBe(false);
        }
      })
    );
  });

  it('keeps the state at every moment: the last kept round before it has seen the same changes', () => {
    fc.assert(
      fc.property(anyRounds, anyNow, fc.nat({ max: 24 * HOUR }), (rounds, now, age) => {
        const moment = now - age;
        const changes = (list: readonly KeptRound[]) =>
          list.findLast((round) => round.changed && round.at <= moment)?.id;
        const from = rounds.findLast((round) => round.at <= now - retention.keepMs)?.at ?? -Infinity;
        fc.pre((rounds.findLast((round) => round.changed && round.at <= moment)?.at ?? -Infinity) > from);
        expect(changes(thinned(rounds, now))).toBe(changes(rounds));
      })
    );
  });

  it('is bounded: what is no change is at most one per bucket', () => {
    fc.assert(
      fc.property(anyRounds, anyNow, (rounds, now) => {
        const seen = new Set<string>();
        for (const round of thinned(rounds, now)) {
          const age = now - round.at;
          if (age >= HOUR && age < 24 * HOUR && !round.changed) {
            const width = age >= 6 * HOUR ? 5 * MINUTE : MINUTE;
            const bucket = `${width}/${Math.floor(round.at / width)}`;
            expect(seen.has(bucket)).toBe(false);
            seen.add(bucket);
          }
        }
      })
    );
  });

  it('changes nothing the second time, and does not depend on when it ran in between', () => {
    fc.assert(
      fc.property(anyRounds, anyNow, fc.array(anyNow, { maxLength: 4 }), (rounds, now, between) => {
        const once = thinned(rounds, now);
        expect(thinned(once, now)).toEqual(once);
        const stepwise = between
          .filter((moment) => moment < now)
          .sort((a, b) => a - b)
          .reduce((left, moment) => thinned(left, moment), rounds);
        expect(thinned(stepwise, now)).toEqual(once);
      })
    );
  });
});
