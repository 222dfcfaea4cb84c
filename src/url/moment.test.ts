import { dateTime } from '@grafana/data';
import { describe, expect, it } from 'vitest';
import { readMoment, readRangeEnd } from './moment';

const NOW = Date.UTC(2026, 10, 21, 10, 8, 12);

describe('a moment as Grafana writes it', () => {
  it.each([
    ['now', 'now'],
    ['now-30m', NOW - 1_800_000],
    ['now-1h+10m', NOW - 3_000_000],
    [' now-10s ', NOW - 10_000],
    [String(NOW - 60_000), NOW - 60_000],
    [NOW - 60_000, NOW - 60_000],
    [new Date(NOW - 60_000).toISOString(), NOW - 60_000],
    [dateTime(NOW - 60_000), NOW - 60_000],
    [NOW + 60_000, 'now'],
    ['now+1h', 'now'],
    [undefined, 'unreadable'],
    [null, 'unreadable'],
    [{}, 'unreadable'],
    [Number.NaN, 'unreadable'],
    ['now-30x', 'unreadable'],
    ['2026-13-45', 'unreadable'],
  ] as const)('%s', (value, expected) => {
    expect(readMoment(value, NOW)).toBe(expected);
  });

  it('is rounded up to the end of a day in the time zone of the link', () => {
    expect(readMoment('now-1d/d', NOW, 'utc')).toBe(Date.UTC(2026, 10, 20, 23, 59, 59, 999));
    expect(readMoment('now-1d/d', NOW, 'Europe/Berlin')).toBe(Date.UTC(2026, 10, 20, 22, 59, 59, 999));
  });
});

describe('the end of a range', () => {
  it('of the last half minute is now; an earlier one is that moment', () => {
    expect(readRangeEnd(String(NOW - 10_000), NOW)).toBe('now');
    expect(readRangeEnd(String(NOW - 31_000), NOW)).toBe(NOW - 31_000);
  });
});
