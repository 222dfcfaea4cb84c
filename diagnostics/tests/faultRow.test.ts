/** A row of docs/diagnostics-faults.md is about the check that its test names, whatever else the round found. */
import { expect, test } from 'vitest';
import { madeRound } from './recorder/round';
import { faultRow } from './rig/faults';

const rowOf = (checks: Parameters<typeof madeRound>[2]) =>
  faultRow('a key that may not be read', 'redis.big_keys', { ...madeRound('cache', 0, checks), ms: 12 });

test('a slow machine changes other checks of the round, and not the row', () => {
  const quiet = rowOf({ 'redis.slowlog': ['ok', 0], 'redis.big_keys': ['unknown', null] });
  const busy = rowOf({ 'redis.slowlog': ['critical', 900], 'redis.big_keys': ['unknown', null] });
  expect(busy).toEqual(quiet);
  expect(quiet).toMatchObject({ check: 'redis.big_keys', state: 'unknown', slowestMs: 12 });
});

test('a check that was not asked is no finding', () => {
  expect(() => rowOf({ 'redis.slowlog': ['ok', 0] })).toThrow('the round has no redis.big_keys');
});
