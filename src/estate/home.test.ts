import { describe, expect, it } from 'vitest';
import { homeOf, unreadHome, unreadNow } from './home';

const OURS = { components: { checkout: { adopt: true } } };
const THEIRS = { components: { cart: { adopt: true } } };
const failure = { reason: 'query-error' as const, detail: 'HTTP 502', mend: 'Start it.' };
const kept = (estate?: typeof OURS | typeof THEIRS) => ({
  answer: { kind: 'kept' as const, version: '1', ...(estate ? { estate } : {}) },
});

describe('the home of the estate', () => {
  it('is the settings where no service keeps one, and says what would change that', () => {
    expect(homeOf(OURS, { answer: { kind: 'none' } })).toEqual({ where: 'settings', estate: OURS, isToMove: false });
    expect(homeOf(undefined, { answer: { kind: 'none', mend: 'Update it.' } })).toMatchObject({
      ...{ where: 'settings', estate: {}, mend: 'Update it.' },
    });
  });

  it('is the service where it keeps one; what the settings still hold is not thrown away', () => {
    expect(homeOf(undefined, kept(THEIRS))).toMatchObject({ where: 'service', estate: THEIRS, isToMove: false });
    expect(homeOf(OURS, kept(THEIRS))).toMatchObject({ estate: THEIRS, left: OURS, isToMove: false });
  });

  it('is moved from the settings to a service that has none: it is used meanwhile', () => {
    expect(homeOf(OURS, kept())).toMatchObject({ where: 'service', estate: OURS, isToMove: true });
    expect(homeOf({ components: {} }, kept())).toMatchObject({ isToMove: false, estate: { components: {} } });
  });

  it('is not known while the service cannot be asked, and never empty because of it', () => {
    const home = homeOf(OURS, { failure });
    expect(home).toMatchObject({ where: 'service', estate: undefined, failure });
    expect(unreadHome(home)).toEqual({ what: 'which components are yours', ...failure });
    expect(unreadHome(homeOf(OURS, {}))).toMatchObject({ detail: 'the diagnostics service has not answered yet' });
  });

  it('stands as it was read last while the service fails, and is not written', () => {
    const home = homeOf(undefined, { ...kept(THEIRS), failure });
    expect(home).toMatchObject({ estate: THEIRS, failure });
    expect(unreadHome(home)).toBeUndefined();
  });

  it('is unread for the reason that the service gives now, of its rounds; of a part of them it says nothing', () => {
    const unread = [unreadHome(homeOf(OURS, { failure }))!, { ...failure, what: 'which components there are' }];
    const gone = { reason: 'timeout' as const, detail: 'no answer', mend: 'Look at it.' };
    expect(unreadNow(unread, [{ what: 'the diagnostics service', ...gone }])).toEqual([
      { what: 'which components are yours', ...gone },
      unread[1],
    ]);
    expect(unreadNow(unread, [{ what: 'the checks of a', ...gone }])).toBe(unread);
    expect(unreadNow(unread)).toBe(unread);
  });
});
