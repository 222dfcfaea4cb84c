import { describe, expect, it } from 'vitest';
import { withSaid } from './withSaid';

describe('what is said of components', () => {
  it('has something else of one, and nothing of one of which nothing is said', () => {
    expect(withSaid({ a: { title: 'A' } }, 'b', { hide: true }, {})).toEqual({ a: { title: 'A' }, b: { hide: true } });
    expect(withSaid({ a: { title: 'A' } }, 'a', { title: undefined }, {})).toEqual({});
  });

  it('goes from another id of the component to the present one, also where others depend on it', () => {
    const said = { old: { adopt: true }, web: { dependsOn: ['old', 'x'] } };
    expect(withSaid(said, 'shop.db', { adopt: true, title: 'DB' }, { old: 'shop.db' })).toEqual({
      'shop.db': { adopt: true, title: 'DB' },
      web: { dependsOn: ['shop.db', 'x'] },
    });
  });
});
