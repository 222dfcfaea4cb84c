/** What is over still explains what fades at other components, as long as their windows reach back to it. */
import { describe, expect, it } from 'vitest';

import { fadingAfter, plan, type Estate, type Outcome } from '../../src/index';
import { NOW, present } from '../makePack';
import { arrow, boundsOf, database, led, lookAt, service } from './makeEstate';

const estate: Estate = {
  components: [service('cart'), service('mail'), database('db')],
  arrows: [arrow('cart', 'db')],
};
const failing = [present('errors'), present('busy')];
const locked = [present('waiting'), present('holder')];

type Given = Readonly<Record<string, readonly Outcome[]>>;

/** What is said now, of the same estate in which sessions waited until `ago` seconds before. */
function afterwards(now: Given, ago = 50, then: Given = { db: locked, cart: failing }) {
  const recovery = {
    ...{ at: NOW - (ago + 10) * 1000, queries: [], certain: true },
    ended: new Map([['db/waiting', NOW - ago * 1000]]),
  };
  const before = lookAt(estate, then);
  expect(led(before.triage)).toEqual({ leads: ['db/holder'], explained: 'cart' in then ? ['cart/busy'] : [] });
  const found = fadingAfter(recovery, before, lookAt(estate, now), plan(boundsOf(estate)), NOW);
  return lookAt(estate, now, found).triage;
}

describe('while what a cause left behind fades', () => {
  it('nobody else is accused who is only possible', () => {
    // Without what is known of the past, the consumer would be blamed.
    expect(led(lookAt(estate, { cart: failing }).triage).leads).toEqual(['cart/busy']);
    const found = afterwards({ cart: failing });
    expect(led(found)).toEqual({ leads: [], explained: ['cart/busy'] });
    expect(found.suspects[0]?.explainedBy).toEqual({
      ...{ pack: 'db', runbook: 'database-locks', cause: 'holder', over: 'Title of holder' },
    });
    expect(found).toMatchObject({ state: 'problem', recovering: true, cover: [], unexplained: [] });
    expect(found.headline).toMatchObject({
      verdict: 'recovering',
      leaders: [],
      sentence: expect.stringContaining('Title of holder: that is over') as string,
      open: { pack: 'cart', runbook: 'service-errors' },
    });
  });

  it('a likely cause is named: it is proven by itself', () => {
    const found = afterwards({ cart: [present('errors'), present('bad-version')] });
    expect(led(found).leads).toEqual(['cart/bad-version']);
  });

  it('trouble elsewhere is told first', () => {
    expect(led(afterwards({ cart: failing, mail: failing })).leads).toEqual(['mail/busy']);
    expect(afterwards({ cart: failing, mail: [present('errors')] }).headline.open).toMatchObject({ pack: 'mail' });
  });

  it('no component is called in trouble without a reason', () => {
    const web: Estate = {
      components: [...estate.components, service('web')],
      arrows: [...estate.arrows, arrow('web', 'cart')],
    };
    const recovery = { at: NOW - 60_000, ended: new Map([['db/waiting', NOW - 50_000]]), queries: [], certain: true };
    const both = { cart: [present('errors')], web: failing };
    const now = lookAt(web, both);
    expect(led(now.triage).leads).toEqual(['cart/reason-not-found']);
    const found = fadingAfter(recovery, lookAt(web, { ...both, db: locked }), now, plan(boundsOf(web)), NOW);
    expect(led(lookAt(web, both, found).triage).leads).toEqual([]);
  });
});

describe('what is over explains nothing', () => {
  it('that is still there when its window has passed', () => {
    expect(led(afterwards({ cart: failing }, 299)).leads).toEqual([]);
    expect(led(afterwards({ cart: failing }, 301)).leads).toEqual(['cart/busy']);
  });

  it('that was not there before it ended', () => {
    expect(led(afterwards({ cart: failing }, 50, { db: locked })).leads).toEqual(['cart/busy']);
    const slow = [...failing, present('slow')];
    expect(led(afterwards({ cart: slow }, 50)).explained).toEqual([]);
  });

  it('that has no window, and is so at this moment', () => {
    const slow = [present('slow'), present('busy')];
    expect(led(afterwards({ cart: slow }, 50, { db: locked, cart: slow })).leads).toEqual(['cart/busy']);
  });
});
