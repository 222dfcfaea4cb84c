import { describe, expect, it } from 'vitest';
import type { ServedPack } from '@live-runbooks/sources';
import { testPack } from '../testing/pack';
import { libraryOf, originOf, originWords } from './library';

const SHOP = testPack();
const NO_KINDS = new Map();
const ours = { ...SHOP, id: 'ours', title: 'Ours' };
const served = (over: Partial<ServedPack> = {}): ServedPack => ({
  ...{ folder: 'ours', files: { locks: 'ours/locks.yaml' }, stale: false, pack: ours },
  ...over,
});
const library = (...packs: ServedPack[]) => libraryOf([SHOP], { served: { packs, problems: [] } }, NO_KINDS);
const ids = ({ known }: ReturnType<typeof library>) => known.map(({ pack }) => pack.id);

describe('the packs of the plugin and of the service', () => {
  it('are evaluated side by side, and each says where it comes from', () => {
    const both = library(served());
    expect(ids(both)).toEqual(['shop', 'ours']);
    expect(both.known.map(({ origin }) => originWords(origin))).toEqual([
      'built in',
      'from the service: ours/pack.yaml',
    ]);
    expect(originWords(originOf(both, 'ours'), 'locks')).toBe('from the service: ours/locks.yaml');
    expect(originWords(originOf(both, 'shop'), 'locks')).toBe('built in');
    expect(both).toMatchObject({ problems: [], unread: [] });
  });

  it('never replace a built-in pack: one of its id is an error that says what to do', () => {
    const clash = library(
      served({ pack: { ...ours, id: 'shop' } }),
      served({ folder: 'b', pack: { ...ours, id: 'b' } })
    );
    expect(ids(clash)).toEqual(['shop', 'b']);
    expect(clash.known[0]?.pack).toBe(SHOP);
    expect(clash.problems).toEqual([
      {
        ...{ file: 'ours/pack.yaml', line: 1, severity: 'error' },
        message: 'the id `shop` is that of a built-in pack, which stays as it is: give this one another id',
      },
    ]);
  });

  it.each([
    ['of another format', { ...ours, format: 2 }, /another version/],
    ['nothing at all', undefined, /another version/],
    ['what cannot be evaluated', { ...ours, runbooks: [{ id: 'broken' }] }, /cannot be evaluated/],
  ])('one that is %s costs itself, and no other', (_what, pack, message) => {
    const one = library(served({ pack }), served({ folder: 'good' }));
    expect(ids(one)).toEqual(['shop', 'ours']);
    expect(one.problems).toMatchObject([{ file: 'ours/pack.yaml', message: expect.stringMatching(message) }]);
  });

  it('leave nothing to be called fine while one of them is broken, unless its last good version is evaluated', () => {
    const problem = { file: 'bad/slow.yaml', line: 16, severity: 'error' as const, message: 'no such signal' };
    const broken = libraryOf([SHOP], { served: { packs: [served()], problems: [problem, problem] } }, NO_KINDS);
    expect(broken.unread).toMatchObject([{ detail: 'bad/slow.yaml, line 16: no such signal; and 1 more' }]);
    const stale = served({ folder: 'bad', stale: true });
    const standing = libraryOf([SHOP], { served: { packs: [stale], problems: [problem] } }, NO_KINDS);
    expect(standing.unread).toEqual([]);
    expect(originWords(standing.known[1]!.origin)).toBe('from the service: bad/pack.yaml (last good version)');
    const warned = libraryOf(
      [SHOP],
      { served: { packs: [], problems: [{ ...problem, severity: 'warning' }] } },
      NO_KINDS
    );
    expect(warned.unread).toEqual([]);
  });

  it('that the service told before stand while it cannot be asked, and that is said', () => {
    const failure = { reason: 'timeout' as const, detail: 'no answer', mend: 'Check it.' };
    const standing = libraryOf([SHOP], { served: { packs: [served()], problems: [] }, failure }, NO_KINDS);
    expect(ids(standing)).toEqual(['shop', 'ours']);
    expect(standing.unread).toEqual([{ what: 'the packs of the diagnostics service', ...failure }]);
  });

  it('are not known before the service has answered', () => {
    expect(libraryOf([SHOP], {}, NO_KINDS).unread).toMatchObject([{ detail: 'there is no answer yet' }]);
  });
});
