import { describe, expect, it } from 'vitest';

import { bind, fillFix, watchFix, type Fix, type Outcome } from '../src/index';
import { absent, cause, evidence, fix, NOW, outcomes, pack, present, runbook, unknown } from './makePack';

const terminate = fix('terminate', {
  rollback: 'Start it again.',
  soonest: 5,
  verify: { signal: 'waiters', becomes: 'absent', within: 60, hold: 20, says: 'no session waits' },
});

function filledWith(one: Fix, before: Outcome = present('waiters', { value: 14, askedAt: NOW - 1000 })) {
  const made = pack([
    runbook('r', ['waiters'], [cause('a', [evidence('building', 'weak')])], { fixes: { [one.id]: one } }),
  ]);
  return fillFix(bind(made, {}), 'r', one.id, outcomes(before));
}
const at = (seconds: number, state: 'present' | 'absent' | 'unknown', value?: number, id = 'waiters'): Outcome => ({
  ...(state === 'present' ? present(id) : state === 'absent' ? absent(id) : unknown(id, { detail: 'no answer' })),
  ...(value === undefined ? {} : { value }),
  askedAt: NOW + seconds * 1000,
});
const filled = filledWith(terminate);
const watch = (seconds: number, ...history: Outcome[]) => watchFix(filled, history, NOW, NOW + seconds * 1000);

describe('watching a fix', () => {
  it('worked when the signal becomes what was wished, and stays so for the hold time', () => {
    expect(watch(45, at(10, 'present', 9), at(40, 'absent', 0))).toMatchObject({
      state: 'waiting',
      says: 'Signal waiters: 9 → 0 after 40 s; now it has to stay so for 20 s.',
    });
    expect(watch(62, at(10, 'present', 9), at(40, 'absent', 0), at(61, 'absent', 0))).toEqual({
      state: 'worked',
      says: 'Signal waiters: 9 → 0 in 40 s, and it has stayed so for 20 s.',
      tookMs: 40_000,
    });
  });

  it('catches a relapse, during the hold time and after it', () => {
    expect(watch(50, at(10, 'absent', 0), at(20, 'present', 5))).toEqual({
      state: 'relapsed',
      says: 'It came back: Signal waiters was 0 and is 5 again, 20 s after the copy.',
    });
    expect(watch(130, at(10, 'absent', 0), at(40, 'absent', 0), at(120, 'present', 7))).toMatchObject({
      state: 'relapsed',
      undo: 'Start it again',
    });
  });

  it('forgives a relapse only when it becomes good again within its time, and stays so', () => {
    const wobble = [at(10, 'absent', 0), at(20, 'present', 5), at(30, 'absent', 0)];
    expect(watch(40, ...wobble).state).toBe('waiting');
    expect(watch(55, ...wobble, at(52, 'absent', 0))).toMatchObject({ state: 'worked', tookMs: 30_000 });
    expect(watch(200, at(10, 'absent'), at(70, 'present'), at(80, 'absent'), at(140, 'absent')).state).toBe('relapsed');
  });

  it('waits until its time is over, then says that nothing changed and how to undo it', () => {
    expect(watch(20, at(10, 'present', 14))).toEqual({
      state: 'waiting',
      says: 'Waiting up to 1 min for: no session waits (now 14).',
      leftMs: 40_000,
    });
    expect(watch(62, at(10, 'present', 14), at(61, 'present', 15))).toEqual({
      state: 'no-change',
      says: 'Signal waiters: 14 → 15: after 1 min 2 s it is not yet true that no session waits. Try the next cause.',
      undo: 'Start it again',
    });
  });

  it('does not credit what became good before the command could act, or after its time', () => {
    expect(watch(40, at(3, 'absent', 0), at(30, 'absent', 0))).toMatchObject({
      state: 'unknown',
      says: expect.stringContaining('already as wished before the command could act (0)') as string,
    });
    expect(watch(200, at(61, 'present', 9), at(90, 'absent', 0), at(150, 'absent', 0))).toMatchObject({
      state: 'unknown',
      says: expect.stringContaining('only 1 min 30 s after the copy') as string,
    });
  });

  it('says so when the signal was as wished before the copy', () => {
    const already = filledWith(terminate, absent('waiters', { value: 0, askedAt: NOW - 1000 }));
    expect(watchFix(already, [at(30, 'absent', 0)], NOW, NOW + 61_000)).toMatchObject({
      state: 'unknown',
      says: expect.stringContaining('already as wished') as string,
    });
  });

  it('does not take no data for an answer, good or bad', () => {
    expect(watch(61, at(10, 'unknown'))).toMatchObject({
      state: 'unknown',
      says: expect.stringContaining('no answer') as string,
    });
    expect(watch(61).state).toBe('unknown');
    // Bad when seen last, and unseen at the end of its time: it may have worked since.
    expect(watch(70, at(30, 'present', 9), at(65, 'unknown')).state).toBe('unknown');
    // Good for an instant, and unseen since: it may have come back.
    expect(watch(70, at(30, 'absent', 0), at(40, 'unknown'), at(65, 'unknown')).state).toBe('waiting');
    expect(watch(90, at(30, 'absent', 0), at(40, 'unknown'), at(85, 'unknown')).state).toBe('unknown');
  });

  it('does not know how it was before when that was seen long ago, or never', () => {
    const never = filledWith(terminate, unknown('waiters'));
    expect(watchFix(never, [at(10, 'absent', 0), at(40, 'absent', 0)], NOW, NOW + 41_000).state).toBe('unknown');
    const longAgo = filledWith(terminate, present('waiters', { askedAt: NOW - 600_000 }));
    // Seen late and never before: nobody knows since when it is so.
    expect(watchFix(never, [at(100, 'absent', 0)], NOW, NOW + 101_000).says).toContain('how it was before');
    expect(watchFix(longAgo, [at(10, 'absent', 0), at(40, 'absent', 0)], NOW, NOW + 41_000).state).toBe('unknown');
  });

  it('offers no undo while the command may still be at work', () => {
    const build = filledWith({ ...terminate, verify: { ...terminate.verify!, underway: 'building' } });
    const late = (...more: Outcome[]) => watchFix(build, [at(70, 'present', 9), ...more], NOW, NOW + 80_000);
    expect(late(at(70, 'present', 1, 'building'))).toEqual({
      state: 'waiting',
      says: 'The command may still be at work: Signal waiters is 9.',
      leftMs: 0,
    });
    expect(late(at(70, 'unknown', undefined, 'building')).undo).toBeUndefined();
    expect(late(at(70, 'absent', 0, 'building'))).toMatchObject({ state: 'no-change', undo: 'Start it again' });
  });

  it('is unknown when nothing shows whether it worked, with the reason', () => {
    const blind = filledWith(fix('f', { unverified: 'Only new sessions are concerned.' }));
    expect(watchFix(blind, [], NOW, NOW)).toEqual({ state: 'unknown', says: 'Only new sessions are concerned.' });
  });
});
