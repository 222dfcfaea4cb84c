import { describe, expect, test } from 'vitest';
import { goDuration, parseDuration } from '../src/server/query/duration';
import { stepOf } from '../src/server/query/step';
import { findRoute, upstreamPath } from '../src/server/proxy/routePath';

const MINUTES = 60_000;

describe('the step of a Prometheus query', () => {
  test.each([
    ['a quarter of an hour in 1000 points is the scrape interval', { to: 15 * MINUTES, maxDataPoints: 1000 }, 15_000],
    ['a shorter scrape interval lets it go finer', { to: 15 * MINUTES, maxDataPoints: 1000, timeInterval: '2s' }, 2000],
    ['few points are far apart', { to: 60 * MINUTES, maxDataPoints: 10 }, 300_000],
    ['the query may ask for more', { to: 15 * MINUTES, maxDataPoints: 1000, interval: '1m' }, 60_000],
    ['Prometheus never gets more than 11,000 points', { to: 365 * 24 * 60 * MINUTES, maxDataPoints: 1e9 }, 3_600_000],
  ])('%s', (_, options, step) => expect(stepOf({ from: 0, ...options })).toBe(step));
});

test('durations as Prometheus reads and Go writes them', () => {
  expect(['15s', '1h30m', '500ms', 'soon', ''].map(parseDuration)).toEqual([
    15_000,
    5_400_000,
    500,
    undefined,
    undefined,
  ]);
  expect([500, 15_000, 60_000, 5_400_000].map(goDuration)).toEqual(['500ms', '15s', '1m0s', '1h30m0s']);
});

describe('routes of the proxy', () => {
  const routes = [
    { path: 'a/special/*', url: '', method: 'GET' },
    { path: 'a/*', url: '', method: 'GET,POST' },
    { path: 'a/*', url: '' },
    { path: 'exact', url: '', method: '*' },
  ];
  test.each([
    ['GET', 'a/special/x', 0, 'x'],
    ['POST', 'a/special/x', 2, 'special/x'],
    ['GET', 'a/b/c/', 2, 'b/c'],
    ['GET', 'a', undefined, undefined],
    ['GET', 'a/', undefined, undefined],
    ['GET', 'exact', 3, ''],
    ['GET', 'exact/more', undefined, undefined],
  ])('%s %s', (method, path, index, rest) => {
    const found = findRoute(routes, method, path);
    expect([found && routes.indexOf(found.route as never), found?.rest]).toEqual([index, rest]);
  });

  test('paths are joined and escaped as Go does', () => {
    expect(upstreamPath('/', '')).toBe('/');
    expect(upstreamPath('/base/', 'x y/ä&b=c+d')).toBe('/base/x%20y/%C3%A4&b=c+d');
    expect(upstreamPath('/base', '../(x)')).toBe('/base/../%28x%29');
  });
});
