/** Rounds that nobody asked for: they may do with less, and whoever asks is never answered with one of them. */
import { describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import type { CheckResult } from '@live-runbooks/engine';
import { defineCheck, toResult } from '../src/model/check';
import { fact } from '../src/model/fact';
import type { TakenRound, Target } from '../src/model/round';
import { takeInBackground } from '../src/rounds/background';
import { SILENCE_PROVES_MS } from '../src/rounds/silence';
import { SharedRounds } from '../src/rounds/sharedRounds';
import { Remembered } from '../src/rounds/remembered';
import { keySignsOf } from '../src/redis/keySigns';
import { KeySpace, type LookOptions } from '../src/redis/keySpace';

/** A target whose rounds end when they are told to. */
function target(): { readonly target: Target; readonly taken: boolean[]; end: () => void } {
  const taken: boolean[] = [];
  const ends: Array<() => void> = [];
  const round = (unasked: boolean): TakenRound => ({
    ...{ target: 't', kind: 'redis', title: unasked ? 'unasked' : 'asked', state: 'ok', class: 'ok' },
    ...{ startedAt: 1, tookMs: 1, checks: [] },
  });
  return {
    taken,
    end: () => ends.shift()?.(),
    target: {
      ...{ id: 't', kind: 'redis', title: 't', checkIds: [] },
      take: ({ unasked = false }) => {
        taken.push(unasked);
        return new Promise((resolve) => ends.push(() => resolve(round(unasked))));
      },
      close: () => Promise.resolve(),
    },
  };
}

const sharedRoundsOf = (of: Target, intervalMs = 60_000): SharedRounds =>
  new SharedRounds(of, { intervalMs, scrub: (text) => text, starved: () => null });
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

describe('RoundKeeper', () => {
  test('a round that somebody asked for serves all, one that nobody asked for serves only the clock', async () => {
    const { target: of, taken, end } = target();
    const shared = sharedRoundsOf(of);
    const first = shared.round({ unasked: true });
    end();
    expect((await first).title).toBe('unasked');
    expect((await shared.round({ unasked: true })).title).toBe('unasked');
    const asked = shared.round();
    end();
    expect((await asked).title).toBe('asked');
    expect((await shared.round()).title).toBe('asked');
    expect((await shared.round({ unasked: true })).title).toBe('asked');
    expect(taken).toEqual([true, false]);
  });

  test('who asks while one runs that nobody asked for gets the next, all of them the same', async () => {
    const { target: of, taken, end } = target();
    const shared = sharedRoundsOf(of);
    const unasked = shared.round({ unasked: true });
    const asked = [shared.round(), shared.round()];
    expect(taken).toEqual([true]);
    end();
    await unasked;
    await settle();
    asked.push(shared.round());
    expect(taken).toEqual([true, false]);
    end();
    expect((await Promise.all(asked)).map(({ title }) => title)).toEqual(['asked', 'asked', 'asked']);
    expect(taken).toEqual([true, false]);
  });

  test('the clock joins a round that somebody asked for', async () => {
    const { target: of, taken, end } = target();
    const shared = sharedRoundsOf(of, 0);
    const both = [shared.round(), shared.round({ unasked: true })];
    end();
    await Promise.all(both);
    expect(taken).toEqual([false]);
  });
});

test('in the background a round is taken when the last one is old enough, whoever asked for that', async () => {
  vi.useFakeTimers();
  try {
    const taken: boolean[] = [];
    const { target: of } = target();
    const shared = sharedRoundsOf(
      {
        ...of,
        take: ({ unasked = false }) => {
          taken.push(unasked);
          return Promise.resolve({ ...of, target: 't', state: 'ok', class: 'ok', startedAt: 1, tookMs: 1, checks: [] });
        },
      },
      2000
    );
    const { stop } = takeInBackground([shared], {
      everyMs: 60_000,
      onError: (error) => {
        throw error;
      },
    });
    await shared.round();
    await vi.advanceTimersByTimeAsync(59_000);
    expect(taken).toEqual([false]);
    await shared.round();
    await vi.advanceTimersByTimeAsync(59_000);
    expect(taken).toEqual([false, false]);
    await vi.advanceTimersByTimeAsync(1500);
    expect(taken).toEqual([false, false, true]);
    await vi.advanceTimersByTimeAsync(120_000);
    expect(taken).toEqual([false, false, true, true, true]);
    stop();
    await vi.advanceTimersByTimeAsync(120_000);
    expect(taken).toHaveLength(5);
  } finally {
    vi.useRealTimers();
  }
});

test('in the background silence is asked again as soon as it may prove something', async () => {
  vi.useFakeTimers();
  try {
    const { target: of } = target();
    let taken = 0;
    const silent = sharedRoundsOf(
      {
        ...of,
        take: () => {
          taken += 1;
          return Promise.resolve({
            ...{ ...of, target: 't', state: 'critical' as const, class: 'hung' },
            ...{ startedAt: 1, tookMs: 1, checks: [] },
          });
        },
      },
      2000
    );
    const { stop } = takeInBackground([silent], {
      everyMs: 60_000,
      onError: (error) => {
        throw error;
      },
    });
    await vi.advanceTimersByTimeAsync(60_500);
    expect(taken).toBe(1);
    await vi.advanceTimersByTimeAsync(SILENCE_PROVES_MS);
    expect(taken).toBe(2);
    await vi.advanceTimersByTimeAsync(50_000);
    expect(taken).toBe(2);
    stop();
  } finally {
    vi.useRealTimers();
  }
});

describe('Remembered', () => {
  const prepared = (id: string, unaskedEvery?: number, everySeconds?: number) =>
    defineCheck({
      ...{
        id,
        title: id,
        kind: 'postgres',
        asks: '',
        value: fact.count('nothing'),
        fields: {},
        rows: {},
        mend: '',
        privilege: '',
      },
      ...(unaskedEvery === undefined ? {} : { unaskedEvery }),
      options: z.strictObject({ everySeconds: z.number().default(0) }),
      make: () => () => Promise.resolve({ value: 0, summary: '', fields: {} }),
    }).prepare(everySeconds === undefined ? {} : { everySeconds });
  const found = (id: string, more: Partial<CheckResult> = {}): CheckResult => ({
    ...toResult(prepared(id), { value: 0, summary: '', fields: {} }, { askedAt: 0, tookMs: 0 }),
    ...more,
  });
  /** In which of so many rounds it is asked; all of them are of this kind. */
  const asked = (rounds: number, unasked: boolean, more: Partial<CheckResult> = {}, every?: number): number[] => {
    const remembered = new Remembered();
    const check = prepared('a', every);
    return Array.from({ length: rounds }, (_, round) => round).filter(() => {
      if (remembered.instead(check, unasked) !== undefined) {
        return false;
      }
      remembered.keep(found('a', more), every);
      return true;
    });
  };

  test('while it is fine, every fifth round that nobody asked for', () => {
    expect(asked(11, true, {}, 5)).toEqual([0, 5, 10]);
    expect(asked(11, true, { state: 'unknown', reason: 'not-applicable' }, 5)).toEqual([0, 5, 10]);
  });

  test.each([
    ['every round that somebody asks for', false, {}, 5],
    ['a finding: every round', true, { state: 'warning' }, 5],
    ['what is not known: every round', true, { state: 'unknown', reason: 'no-series' }, 5],
    ['a check that changes quickly: every round', true, {}, undefined],
  ] as const)('%s', (_, unasked, more, every) => {
    expect(asked(3, unasked, more, every)).toEqual([0, 1, 2]);
  });

  test('they take turns', () => {
    const remembered = new Remembered();
    const ids = ['a', 'b', 'c'];
    const rounds = Array.from({ length: 7 }, () =>
      ids
        .filter((id) => remembered.instead(prepared(id, 3), true) === undefined)
        .map((id) => remembered.keep(found(id), 3).id)
        .join('')
    );
    expect(rounds[0]).toBe('abc');
    expect(rounds.slice(1).map((each) => each.length)).toEqual([1, 1, 1, 1, 1, 1]);
  });

  test('the time that everySeconds gives holds, too', () => {
    const remembered = new Remembered();
    remembered.keep(found('a'), 2);
    const check = prepared('a', 2, 3600);
    expect(Array.from({ length: 5 }, () => remembered.instead(check, true) === undefined)).not.toContain(true);
  });
});

describe('KeySpace', () => {
  const SIGNS = { bytes: 50_000_000, keys: 1000, forever: 400 };
  /** A thousand keys; how many of them a look examines. */
  const keys = (expiring: readonly string[] = []) => {
    let now = 0;
    const space = new KeySpace(expiring, () => now);
    let looked = 0;
    const names = Array.from({ length: 1000 }, (_, n) => `key:${n}`);
    const askIn = (_: number, commands: ReadonlyArray<readonly string[]>) => {
      looked += commands.filter(([command]) => command === 'PTTL').length;
      return Promise.resolve(
        commands.map(([command]) => (command === 'SCAN' ? ['0', names] : command === 'TYPE' ? 'string' : 50))
      );
    };
    return async (afterMs: number, more: Partial<LookOptions> = {}) => {
      now += afterMs;
      looked = 0;
      const { coverage } = await space.look(askIn, new Map([[0, 1000]]), {
        ...{ now, unasked: true, forced: false, fine: true, signs: SIGNS, leftMs: 1000, ...more },
      });
      return [looked, coverage];
    };
  };
  const MINUTE = 60_000;
  const HOUR = 60 * MINUTE;

  test('a few keys a round while nobody asks, and an hour of rest where the server tells nothing of its memory', async () => {
    const look = keys();
    const blind = { signs: undefined };
    expect(await look(MINUTE, blind)).toEqual([500, 0.5]);
    expect(await look(MINUTE, blind)).toEqual([500, 1]);
    expect(await look(MINUTE, blind)).toEqual([0, 1]);
    expect(await look(MINUTE, { ...blind, unasked: false })).toEqual([1000, 1]);
    expect(await look(HOUR - 100_000, blind)).toEqual([0, 1]);
    expect(await look(200_000, blind)).toEqual([500, 1]);
  });

  test('while nothing changes, a pass as seldom as eight keys a minute make', async () => {
    const look = keys();
    await look(MINUTE);
    expect(await look(MINUTE)).toEqual([500, 1]);
    expect(await look(HOUR)).toEqual([0, 1]);
    expect(await look(HOUR)).toEqual([0, 1]);
    expect(await look(10 * MINUTE)).toEqual([500, 1]);
  });

  test.each<[string, Partial<LookOptions>, readonly string[], number]>([
    ['memory that grows', { signs: { ...SIGNS, bytes: 51_000_000 } }, [], 500],
    ['memory that shrinks', { signs: { ...SIGNS, bytes: 49_000_000 } }, [], 500],
    ['a little memory', { signs: { ...SIGNS, bytes: 50_900_000 } }, [], 0],
    ['many keys more', { signs: { ...SIGNS, keys: 1101 } }, [], 500],
    ['a key that is kept for ever where keys should expire', { signs: { ...SIGNS, forever: 401 } }, ['s:'], 500],
    ['a key that is kept for ever where none has to expire', { signs: { ...SIGNS, forever: 401 } }, [], 0],
    ['a finding', { fine: false }, [], 500],
    ['memory that is no longer told', { signs: undefined }, [], 500],
    ['somebody who asks', { unasked: false }, [], 1000],
  ])('after an hour, %s: %#', async (_, more, expiring, examined) => {
    const look = keys(expiring);
    await look(MINUTE);
    await look(MINUTE);
    expect(await look(HOUR + MINUTE, more)).toEqual([examined, 1]);
  });
});

test('the signs of keys are read from INFO', () => {
  const info = new Map([
    ['used_memory_dataset', '7000'],
    ['db0', 'keys=10,expires=4,avg_ttl=0'],
    ['db3', 'keys=5,expires=5,avg_ttl=0'],
  ]);
  expect(keySignsOf(info)).toEqual({ bytes: 7000, keys: 15, forever: 6 });
  info.delete('used_memory_dataset');
  expect(keySignsOf(info)).toBeUndefined();
});
