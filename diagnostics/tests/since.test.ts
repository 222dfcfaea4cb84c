/** `since` tells when a trouble began: readers order causes and effects by it, so it may not begin anew in the midst of one. */
import type { CheckResult } from '@live-runbooks/engine';
import { describe, expect, it } from 'vitest';
import { SHORT_UNKNOWN_MS, SinceTracker } from '../src/model/since';
import { madeRound, MINUTE, START } from './recorder/round';

type State = CheckResult['state'];

const CHECK = 'postgres.blocking';
/** Of the round that `START` begins: a check is asked a moment after. */
const FIRST = START + 1;

const roundOf = (at: number, state: State) => madeRound('shop-postgres', at, { [CHECK]: [state, 1] });

/** The `since` of each of these states, in minutes after the first. */
function sinceOf(states: ReadonlyArray<readonly [minute: number, state: State]>): Array<number | undefined> {
  const tracker = new SinceTracker();
  return states.map(([minute, state]) => {
    const since = tracker.mark(roundOf(START + minute * MINUTE, state)).checks[0]?.since;
    return typeof since === 'number' ? (since - FIRST) / MINUTE : undefined;
  });
}

describe('since', () => {
  it('is when the trouble began, however bad it became', () => {
    const states = [
      [0, 'ok'],
      [1, 'warning'],
      [2, 'critical'],
      [3, 'warning'],
    ] as const;
    expect(sinceOf(states)).toEqual([0, 1, 1, 1]);
  });

  it('is when it became ok, and anew when the trouble comes back', () => {
    const states = [
      [0, 'critical'],
      [1, 'ok'],
      [2, 'ok'],
      [3, 'warning'],
    ] as const;
    expect(sinceOf(states)).toEqual([0, 1, 1, 3]);
  });

  it.each(['ok', 'critical'] as const)('goes on after a short unknown: %s', (state) => {
    const states = [
      [0, state],
      [1, 'unknown'],
      [2, 'unknown'],
      [3, state],
    ] as const;
    expect(sinceOf(states)).toEqual([0, 1, 1, 0]);
  });

  it('goes on after a single unknown, however seldom rounds are taken', () => {
    const states = [
      [0, 'critical'],
      [60, 'unknown'],
      [120, 'warning'],
    ] as const;
    expect(sinceOf(states)).toEqual([0, 60, 0]);
  });

  it('begins anew after a long unknown: what was meanwhile nobody knows', () => {
    const states = [
      [0, 'critical'],
      [1, 'unknown'],
      [2, 'unknown'],
      [4, 'critical'],
    ] as const;
    expect(sinceOf(states)).toEqual([0, 1, 1, 4]);
    expect(SHORT_UNKNOWN_MS).toBeLessThan(3 * MINUTE);
  });

  it('begins anew when an unknown hid an end', () => {
    const states = [
      [0, 'critical'],
      [1, 'unknown'],
      [2, 'ok'],
    ] as const;
    expect(sinceOf(states)).toEqual([0, 1, 2]);
  });

  it('goes on over a restart, and over one in the midst of a short unknown', () => {
    const before = new SinceTracker();
    const critical = before.mark(roundOf(START, 'critical'));
    const unknown = before.mark(roundOf(START + MINUTE, 'unknown'));
    const after = new SinceTracker();
    after.recall([critical, unknown]);
    expect(after.mark(roundOf(START + 2 * MINUTE, 'warning')).checks[0]?.since).toBe(FIRST);
  });
});
