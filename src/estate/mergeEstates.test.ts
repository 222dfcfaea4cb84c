import { describe, expect, it } from 'vitest';
import { mergeEstates } from './mergeEstates';

const base = { components: { a: { adopt: true }, b: { title: 'B' }, c: { hide: true } } };

describe('what two people changed at once', () => {
  it('is kept of both, where each changed another component; what one took away is gone', () => {
    const mine = { components: { a: { adopt: true, title: 'Mine' }, b: { title: 'B' }, c: { hide: true } } };
    const theirs = { components: { a: { adopt: true }, b: { title: 'Theirs' }, d: { adopt: true } } };
    expect(mergeEstates(base, mine, theirs)).toEqual({
      estate: {
        components: { a: { adopt: true, title: 'Mine' }, b: { title: 'Theirs' }, d: { adopt: true } },
      },
      both: [],
    });
  });

  it('is mine, and named, where both changed one component', () => {
    const mine = { components: { ...base.components, b: { title: 'Mine' }, c: {} } };
    const theirs = { components: { ...base.components, b: { title: 'Theirs' } } };
    expect(mergeEstates(base, mine, theirs)).toEqual({ estate: { components: mine.components }, both: ['b'] });
  });

  it('is kept of packs, too', () => {
    const [mine, theirs] = [{ packs: { gorax: { off: true } } }, { packs: { sqlstudio: { off: true } } }];
    expect(mergeEstates({}, mine, theirs).estate.packs).toEqual({ gorax: { off: true }, sqlstudio: { off: true } });
  });

  it('is no conflict where both said the same, in whatever order', () => {
    const mine = { components: { ...base.components, b: { title: 'New', adopt: true } } };
    const theirs = { components: { ...base.components, b: { adopt: true, title: 'New' } } };
    expect(mergeEstates(base, mine, theirs).both).toEqual([]);
  });
});
