/** Causes are named across packs and components, whatever an id is made of. */
import { describe, expect, it } from 'vitest';

import { compiled } from '../../src/compiled/compiled';
import { explainsBeside, explainsNames, namesIdentity } from '../../src/compiled/explains';
import { cause, pack, runbook } from '../makePack';

describe.each(['shop', 'shop.checkout', 'shop/checkout'])('a shared cause of %s', (home) => {
  const identity = `${home}:http-service/bad-deploy`;
  const deploy = cause('bad-deploy', [], { identity });

  it('is meant by its name from there, by naming its home, and by naming every pack', () => {
    const meant = (explains: string, from: string) =>
      explainsNames(cause('c', [], { explains: [explains] }), from).every((name) => namesIdentity(name, identity));
    expect(meant('http-service/bad-deploy', home)).toBe(true);
    expect(meant(`${home}:http-service/bad-deploy`, 'other')).toBe(true);
    expect(meant('*:http-service/bad-deploy', 'other')).toBe(true);
    expect(meant('http-service/bad-deploy', 'other')).toBe(false);
    expect(meant('other:http-service/bad-deploy', home)).toBe(false);
  });

  it('is found by its name among those of its pack', () => {
    const { shared } = compiled({ ...pack([runbook('r', [], [deploy])], []), id: home });
    expect([...shared.keys()]).toEqual(['http-service/bad-deploy']);
  });

  it('is explained by another cause of its runbook that names it', () => {
    const lock = cause('lock', [], { identity: `${home}:postgres/lock`, explains: ['http-service/bad-deploy'] });
    expect(explainsBeside(lock, deploy, home, 'r')).toBe(true);
  });
});
