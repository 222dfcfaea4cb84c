/** Rates: none from one sample, none across a reset, and only of the last moments. */
import { describe, expect, test } from 'vitest';
import { judge, worse } from '../src/model/check';
import { CounterWindow, Occurrences, SampleWindow } from '../src/model/window';

describe('CounterWindow', () => {
  test('has no rate after one sample, and one after two', () => {
    const window = new CounterWindow(60);
    expect(window.perSecond(0, 100)).toBeNull();
    expect(window.perSecond(2000, 110)).toBe(5);
  });

  test('starts anew when the total falls', () => {
    const window = new CounterWindow(60);
    window.observe(0, 100);
    expect(window.observe(2000, 3)).toBeUndefined();
    expect(window.observe(4000, 5)).toEqual({ increase: 2, seconds: 2 });
  });

  test('one event in the first two seconds is one a minute, not thirty', () => {
    const window = new CounterWindow(60);
    window.observe(0, 0);
    expect(window.perMinute(2000, 1)).toBe(1);
  });

  test('forgets what is older than the window', () => {
    const window = new CounterWindow(10);
    for (let at = 0; at <= 10_000; at += 1000) {
      window.observe(at, at >= 5000 ? 7 : 0);
    }
    expect(window.observe(11_000, 7)?.increase).toBe(7);
    for (let at = 12_000; at <= 15_000; at += 1000) {
      window.observe(at, 7);
    }
    expect(window.observe(16_000, 7)?.increase).toBe(0);
  });

  test('says nothing across a long silence', () => {
    const window = new CounterWindow(10);
    window.observe(0, 0);
    expect(window.observe(200_000, 1000)).toBeUndefined();
  });

  test('has a rate however short its window is, when a round is taken each minute', () => {
    const window = new CounterWindow(10);
    window.observe(0, 0);
    expect(window.perSecond(60_050, 120)).toBeCloseTo(2, 1);
    expect(window.perSecond(120_100, 120)).toBe(0);
  });
});

test('SampleWindow keeps few samples however often one is added, and the base stays right', () => {
  const window = new SampleWindow<number>(60_000);
  for (let at = 0; at <= 120_000; at += 100) {
    window.add(at, at);
  }
  const base = window.base(120_000);
  expect(base?.at).toBeGreaterThanOrEqual(60_000);
  expect(base?.at).toBeLessThan(65_000);
  expect((window as unknown as { samples: unknown[] }).samples.length).toBeLessThan(20);
});

describe('Occurrences', () => {
  const seen = (times: readonly number[]): Occurrences => {
    const occurrences = new Occurrences(60_000);
    for (let at = 0; at <= 60_000; at += 2000) {
      occurrences.look(at, times.includes(at));
    }
    return occurrences;
  };

  test.each([
    ['once', [10_000], false],
    ['twice, far apart', [0, 60_000], false],
    ['a burst', [20_000, 22_000, 24_000, 26_000], false],
    ['again and again', [4000, 20_000, 40_000], true],
  ] as const)('%s', (_, times, recurs) => {
    expect(seen(times).recur(30_000)).toBe(recurs);
  });

  test('forget what is older than the window', () => {
    const occurrences = seen([0, 20_000, 40_000]);
    expect(occurrences.recur(30_000)).toBe(true);
    occurrences.look(70_000, false);
    expect(occurrences.recur(30_000)).toBe(false);
    occurrences.look(200_000, false);
    expect(occurrences.isEmpty).toBe(true);
  });
});

test('Occurrences recur in rounds that are taken each minute, and not across a long silence', () => {
  const occurrences = new Occurrences(60_000);
  for (const minute of [0, 1, 2, 3]) {
    occurrences.look(minute * 60_050, minute > 0);
  }
  expect(occurrences.recur(5000)).toBe(true);
  occurrences.look(3_600_000, true);
  expect(occurrences.recur(5000)).toBe(false);
});

describe('judge', () => {
  test.each([
    [0.79, { warning: 0.8, critical: 0.95 }, false, 'ok'],
    [0.8, { warning: 0.8, critical: 0.95 }, false, 'warning'],
    [0.95, { warning: 0.8, critical: 0.95 }, false, 'critical'],
    [5, { critical: 3 }, false, 'critical'],
    [0, { critical: 0 }, true, 'critical'],
    [1, { critical: 0 }, true, 'ok'],
    [1, null, false, 'ok'],
  ] as const)('%d against %j', (value, threshold, below, expected) => {
    expect(judge(value, threshold, below)).toBe(expected);
  });

  test('unknown is worse than ok', () => {
    expect(worse('ok', 'unknown')).toBe('unknown');
    expect(worse('warning', 'unknown')).toBe('warning');
  });
});
