/** A watch that goes on after a reload: what it asks of the past, and that it then says what the page before it said. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { bind, fillFix, watchFix, watchPast, type Fix, type Outcome, type Signal } from '../src/index';
import { absent, cause, evidence, fix, NOW, outcomes, pack, present, runbook, signal, unknown } from './makePack';

const verify = { signal: 's', becomes: 'absent', within: 60, hold: 20, says: 'it is good' } as const;

function made(one: Partial<Fix>, signals: readonly Signal[] = [signal('s')]) {
  const causes = [cause('a', [evidence('s', 'weak')])];
  return bind(pack([runbook('r', ['s'], causes, { fixes: { f: fix('f', one) } })], signals), {});
}
const signalsOf = ({ queries }: { queries: ReadonlyArray<{ signals: readonly string[] }> }) =>
  queries.flatMap(({ signals }) => signals).sort();

describe('what a watch asks of the past', () => {
  it('is how everything was that the fix reads, at the copy, and later only what shows whether it worked', () => {
    const diagnostics = { source: 'diagnostics', check: 'redis.memory', target: 'r', read: { field: 'max' } } as const;
    const bound = made({ rollback: 'SET {{old.max}}', verify: { ...verify, underway: 'busy' } }, [
      signal('s', { requires: ['traffic'] }),
      signal('traffic'),
      signal('busy'),
      signal('old', { query: diagnostics }),
      signal('other'),
    ]);
    const { copy, looks } = watchPast(bound, 'r', 'f', NOW, NOW + 600_000);
    expect(copy.at).toBe(NOW);
    expect(signalsOf(copy.plan)).toEqual(['p/busy', 'p/old', 'p/s', 'p/traffic']);
    expect(signalsOf(looks.plan)).toEqual(['p/busy', 'p/s', 'p/traffic']);
  });

  it('begins just before the command could act, and ends where its time and its hold are over', () => {
    const { looks } = watchPast(made({ soonest: 5, verify }), 'r', 'f', NOW, NOW + 3_600_000);
    expect(looks.at[0]).toBe(NOW + 4_999);
    expect(looks.at.at(-1)).toBe(NOW + 80_000);
    expect(looks.at).toEqual([...looks.at].sort((a, b) => a - b));
  });

  it('asks no later moment where no signal shows whether it worked', () => {
    const { looks } = watchPast(made({ unverified: 'nothing shows it' }), 'r', 'f', NOW, NOW + 60_000);
    expect(looks).toMatchObject({ at: [], plan: { queries: [] } });
  });

  it('is at most eight requests, of times that are over, for every fix and moment', () => {
    const kinds = fc.constantFrom<Signal['query']['source']>('prometheus', 'loki', 'diagnostics');
    const times = fc.record({
      soonest: fc.integer({ min: 0, max: 600 }),
      within: fc.integer({ min: 5, max: 8000 }),
      later: fc.integer({ min: 0, max: 9_000_000 }),
    });
    fc.assert(
      fc.property(kinds, kinds, kinds, times, (one, two, three, { soonest, within, later }) => {
        const query = (source: Signal['query']['source']): Signal['query'] =>
          source === 'diagnostics'
            ? { source, check: 'postgres.blocking', target: 't', read: { field: 'waiting' } }
            : { source: source as 'prometheus', expr: `m_${source}` };
        const bound = made({ soonest, when: ['when'], verify: { ...verify, within, underway: 'busy' } }, [
          signal('s', { query: query(one) }),
          signal('busy', { query: query(two) }),
          signal('when', { query: query(three) }),
        ]);
        const { copy, looks } = watchPast(bound, 'r', 'f', NOW, NOW + later);
        const requests = copy.plan.requests.length + looks.at.length * looks.plan.requests.length;
        expect(requests).toBeLessThanOrEqual(8);
        expect(looks.at.every((at) => at < NOW + later && at >= NOW - 1)).toBe(true);
      })
    );
  });
});

/** A page looks this often. ms */
const LOOK_MS = 3_000;
const at = (ms: number, state: Outcome['state']): Outcome => ({
  ...(state === 'present' ? present('s', { value: 9 }) : state === 'absent' ? absent('s', { value: 0 }) : unknown('s')),
  askedAt: NOW + ms,
});
/** Times in seconds. */
interface Curve {
  readonly soonest: number;
  /** From the copy; beyond the end it never becomes good. */
  readonly goodFrom: number;
  readonly within: number;
  readonly hold: number;
  /** Share of the watch that is over when the page is loaded anew. */
  readonly share: number;
}
const curves: fc.Arbitrary<Curve> = fc.record({
  soonest: fc.integer({ min: 1, max: 30 }),
  goodFrom: fc.integer({ min: -20, max: 700 }),
  within: fc.integer({ min: 31, max: 600 }),
  hold: fc.integer({ min: 5, max: 60 }),
  share: fc.double({ min: 0.01, max: 1, noNaN: true }),
});
/** Both in ms from the copy. */
const endOf = ({ within, hold }: Curve) => (within + hold) * 1000 + 9_000;
const reloadOf = (curve: Curve) => Math.ceil(endOf(curve) * curve.share);

describe('a watch after a reload in the middle', () => {
  const film = (curve: Curve, stateAt: (ms: number) => Outcome['state']) => {
    const { soonest, within, hold } = curve;
    const bound = made({ soonest, verify: { ...verify, within, hold } });
    const [end, reload] = [endOf(curve), reloadOf(curve)];
    const looksFrom = (from: number) =>
      Array.from({ length: Math.max(0, Math.floor((end - from) / LOOK_MS)) + 1 }, (_, index) => from + index * LOOK_MS);
    const seen = (moments: readonly number[]) => moments.map((ms) => at(ms, stateAt(ms)));
    const whole = fillFix(bound, 'r', 'f', outcomes(at(0, stateAt(0))));
    const { looks } = watchPast(bound, 'r', 'f', NOW, NOW + reload);
    const past = looks.at.map((ms) => at(ms - NOW, stateAt(ms - NOW)));
    return {
      stayed: watchFix(whole, seen(looksFrom(0)), NOW, NOW + end),
      reloaded: watchFix(whole, [...past, ...seen(looksFrom(reload))], NOW, NOW + end),
    };
  };

  it('says in the end what the page says that stayed open', () => {
    const states = new Map<string, number>();
    fc.assert(
      fc.property(curves, (curve) => {
        const { stayed, reloaded } = film(curve, (ms) => (ms < curve.goodFrom * 1000 ? 'present' : 'absent'));
        // Between two looks of three seconds, either may have seen it a look earlier than the other.
        const edge = [curve.soonest, curve.within, endOf(curve) / 1000].some(
          (limit) => Math.abs(curve.goodFrom - limit) <= 4
        );
        if (!edge) {
          states.set(stayed.state, (states.get(stayed.state) ?? 0) + 1);
          expect(reloaded.state).toBe(stayed.state);
        }
      }),
      { numRuns: 400 }
    );
    expect([...states.keys()].sort()).toEqual(['no-change', 'unknown', 'worked']);
  });

  it('does not say that it worked where the data has a gap until the reload', () => {
    fc.assert(
      fc.property(curves, (curve) => {
        const reload = reloadOf(curve);
        const { reloaded } = film(curve, (ms) =>
          ms < reload ? 'unknown' : ms < curve.goodFrom * 1000 ? 'present' : 'absent'
        );
        if (curve.goodFrom * 1000 <= reload) {
          expect(reloaded.state).not.toBe('worked');
        }
      })
    );
  });
});
