import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changesOf, gapsOf, type Point, reduce } from '../../src/recorder/history';

const anyPoints = fc
  .array(
    fc.record({
      step: fc.integer({ min: 1, max: 1000 }),
      state: fc.constantFrom('ok' as const, 'warning' as const, 'critical' as const, 'unknown' as const),
      value: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
    }),
    { maxLength: 400 }
  )
  .map((steps) => {
    let at = 0;
    return steps.map(({ step, state, value }): Point => ({ at: (at += step), state, value }));
  });

describe('reduce', () => {
  it('is bounded however often the state changes, and shows that it did', () => {
    const flapping = Array.from({ length: 50_000 }, (_, n): Point => ({
      ...{ at: n * 1000, value: n % 2, state: n === 31_007 ? 'critical' : n % 2 === 0 ? 'ok' : 'warning' },
    }));
    const reduced = reduce(flapping, 200);
    expect(reduced.length).toBeLessThanOrEqual(200);
    expect(new Set(reduced.map(({ state }) => state))).toEqual(new Set(['ok', 'warning', 'critical']));
    expect(changesOf(reduced, []).length).toBeGreaterThan(100);
  });

  it('keeps every change of state that fits, both ends, and the highest and lowest value', () => {
    fc.assert(
      fc.property(anyPoints, fc.integer({ min: 10, max: 200 }), (points, most) => {
        const reduced = reduce(points, most);
        expect(reduced[0]).toEqual(points[0]);
        expect(reduced.at(-1)).toEqual(points.at(-1));
        const changes = changesOf(points, []).length;
        expect(reduced.length).toBeLessThanOrEqual(most);
        if (2 * changes + 2 <= most) {
          expect(changesOf(reduced, [])).toEqual(changesOf(points, []));
        }
        const peak = (list: readonly Point[]) => Math.max(...list.map((point) => point.value ?? -Infinity));
        if (reduced.length < most - 2 && points.length > most) {
          expect(peak(reduced)).toBe(peak(points));
        }
      })
    );
  });

  it('does not lose one peak among ten thousand points', () => {
    const points = Array.from({ length: 10_000 }, (_, at): Point => ({ at, state: 'ok', value: at === 7321 ? 99 : 1 }));
    const reduced = reduce(points, 200);
    expect(reduced.length).toBeLessThanOrEqual(200);
    expect(reduced).toContainEqual({ at: 7321, state: 'ok', value: 99 });
  });
});

describe('changesOf', () => {
  it('does not claim to know what was before a gap', () => {
    const points: Point[] = [
      { at: 10, state: 'ok', value: 1 },
      { at: 90, state: 'critical', value: 9 },
      { at: 95, state: 'ok', value: 1 },
    ];
    expect(changesOf(points, [{ from: 40, to: 90 }])).toEqual([
      { at: 10, from: null, to: 'ok' },
      { at: 90, from: null, to: 'critical' },
      { at: 95, from: 'critical', to: 'ok' },
    ]);
  });
});

describe('gapsOf', () => {
  it('is everything when nothing was recorded, and what lies between otherwise', () => {
    expect(gapsOf([], 10, 20)).toEqual([{ from: 10, to: 20 }]);
    expect(
      gapsOf(
        [
          { began: 0, lasted: 12 },
          { began: 15, lasted: 30 },
        ],
        10,
        20
      )
    ).toEqual([{ from: 12, to: 15 }]);
    expect(gapsOf([{ began: 12, lasted: 14 }], 10, 20)).toEqual([
      { from: 10, to: 12 },
      { from: 14, to: 20 },
    ]);
  });

  it('covers, with the stretches, all of the time and nothing twice', () => {
    const stretches = fc.array(fc.tuple(fc.nat(1000), fc.nat(100)), { maxLength: 20 });
    fc.assert(
      fc.property(stretches, fc.nat(500), fc.integer({ min: 1, max: 600 }), (pairs, from, length) => {
        const list = pairs.map(([began, lasts]) => ({ began, lasted: began + lasts }));
        const gaps = gapsOf(list, from, from + length);
        for (let ms = from; ms < from + length; ms++) {
          const recorded = list.some(({ began, lasted }) => began <= ms && ms < lasted);
          const missing = gaps.filter((gap) => gap.from <= ms && ms < gap.to).length;
          expect(missing).toBe(recorded ? 0 : 1);
        }
      }),
      { numRuns: 50 }
    );
  });
});
