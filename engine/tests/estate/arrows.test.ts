/** What a cause explains at other components: each rule of the arrows. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import type { Estate, Outcome } from '../../src/index';
import { NOW, present, unknown } from '../makePack';
import { arrow, database, led, service, triageOf } from './makeEstate';

const estate: Estate = {
  components: [service('web'), service('cart'), service('mail'), database('db')],
  arrows: [arrow('web', 'cart'), arrow('cart', 'db')],
};
const locked = [present('waiting'), present('holder')];
const busyAndSlow = [present('slow'), present('busy')];

describe('a likely cause at a dependency', () => {
  it('goes before what is only possible at whoever depends on it, however far away', () => {
    const found = triageOf(estate, { db: locked, cart: busyAndSlow, web: busyAndSlow });
    expect(led(found)).toEqual({ leads: ['db/holder'], explained: ['cart/busy', 'web/busy'] });
    expect(found.suspects[0]?.explains.map(({ title }) => title)).toEqual(['Title of busy', 'Title of busy']);
    expect(found.unexplained).toEqual([]);
  });

  it('explains a component in trouble for which nobody is suspected', () => {
    const found = triageOf(estate, { db: locked, cart: [present('slow')] });
    expect(found.suspects[0]).toMatchObject({ cause: 'holder', explains: [{ title: 'Runbook latency' }] });
    expect(found.unexplained).toEqual([]);
  });

  it('explains nothing at a component without an arrow to it', () => {
    expect(led(triageOf(estate, { db: locked, mail: busyAndSlow })).leads).toEqual(['db/holder', 'mail/busy']);
  });

  it('leaves a fault alone that is proven by evidence of its own', () => {
    const found = triageOf(estate, { db: locked, cart: [present('errors'), present('bad-version')] });
    expect(led(found)).toEqual({ leads: ['db/holder', 'cart/bad-version'], explained: [] });
  });

  it('explains only effects that come over the arrow', () => {
    const narrow = { ...estate, arrows: [arrow('cart', 'db', { carries: ['errors'] })] };
    expect(led(triageOf(narrow, { db: locked, cart: busyAndSlow })).leads).toEqual(['db/holder', 'cart/busy']);
  });

  it('explains nothing by an effect that no signal shows', () => {
    // The holder also makes statements fail, says its author; nobody sees errors at the database.
    expect(led(triageOf(estate, { db: [present('holder')], cart: busyAndSlow })).leads).toEqual(['cart/busy']);
  });

  it('is stopped by a component on the way that is known to be well, and not by one that nobody could ask', () => {
    expect(led(triageOf(estate, { db: locked, web: busyAndSlow })).leads).toEqual(['db/holder', 'web/busy']);
    const blind = [unknown('slow'), unknown('errors')];
    expect(led(triageOf(estate, { db: locked, cart: blind, web: busyAndSlow })).explained).toEqual(['web/busy']);
  });

  it('explains nothing that was there clearly before it', () => {
    const early = [present('slow', { since: NOW - 3_600_000 }), present('busy', { since: NOW - 3_600_000 })];
    const late = locked.map((outcome) => ({ ...outcome, since: NOW - 60_000 }));
    expect(led(triageOf(estate, { db: late, cart: early })).explained).toEqual([]);
  });
});

describe('a cause that presses on what its component depends on', () => {
  const shared: Estate = { ...estate, arrows: [...estate.arrows, arrow('mail', 'db')] };
  const storm = [present('slow'), present('retries')];

  it('explains the trouble there, and through it the others that depend on it', () => {
    const found = triageOf(shared, { cart: storm, db: [present('waiting')], mail: busyAndSlow });
    expect(led(found)).toEqual({ leads: ['cart/storm'], explained: ['mail/busy'] });
    expect(found.unexplained).toEqual([]);
  });

  it('explains nothing at a component that it does not depend on', () => {
    const apart: Estate = { ...estate, arrows: [arrow('mail', 'db')] };
    expect(led(triageOf(apart, { cart: storm, db: [present('waiting')], mail: busyAndSlow })).leads).toEqual([
      'cart/storm',
      'db/reason-not-found',
    ]);
  });

  it('leaves a fault there alone that is proven', () => {
    expect(led(triageOf(shared, { cart: storm, db: locked })).leads.sort()).toEqual(['cart/storm', 'db/holder']);
  });
});

describe('a component in trouble for which no cause is likely', () => {
  it('stands before what is only possible at whoever depends on it', () => {
    const found = triageOf(estate, { db: [present('waiting')], cart: busyAndSlow });
    expect(led(found)).toEqual({ leads: ['db/reason-not-found'], explained: ['cart/busy'] });
    expect(found.suspects[0]).toMatchObject({
      verdict: 'possible',
      title: 'Trouble at db, and the reason is not found',
      explains: [{ pack: 'cart', title: 'Title of busy' }],
    });
    expect(found.headline.sentence).toContain('Trouble at db, and the reason is not found');
  });

  it('does not stand before a likely cause elsewhere', () => {
    const found = triageOf(estate, { db: [present('waiting')], cart: [present('errors'), present('bad-version')] });
    expect(led(found).leads[0]).toBe('cart/bad-version');
  });

  it('is no suspect of its own where who depends on it has a likely cause', () => {
    const found = triageOf(estate, { db: [present('waiting')], cart: [present('errors'), present('bad-version')] });
    expect(led(found)).toEqual({ leads: ['cart/bad-version'], explained: [] });
    expect(found.unexplained).toEqual([{ runbook: 'database-locks', signal: 'waiting' }]);
  });

  it('is no suspect of its own where nothing else suffers', () => {
    expect(triageOf(estate, { db: [present('waiting')] }).suspects).toEqual([]);
  });

  it('is none where a likely cause further away explains it', () => {
    const found = triageOf(estate, { db: locked, cart: [present('slow')], web: busyAndSlow });
    expect(led(found)).toEqual({ leads: ['db/holder'], explained: ['web/busy'] });
  });
});

describe('components that depend on each other', () => {
  const circle: Estate = {
    components: [database('left'), database('right')],
    arrows: [arrow('left', 'right'), arrow('right', 'left')],
  };
  const holds = (since?: number): Outcome[] =>
    ['waiting', 'holder'].map((id) => present(id, since === undefined ? {} : { since }));

  it('are two suspects', () => {
    expect(led(triageOf(circle, { left: holds(), right: holds() })).explained).toEqual([]);
  });
});

describe('an estate', () => {
  const SIGNALS = ['errors', 'slow', 'bad-version', 'busy', 'retries', 'waiting', 'holder', 'down', 'refused'];
  const states = fc.uniqueArray(fc.constantFrom(...SIGNALS), { maxLength: 5 });
  const names = ['web', 'cart', 'mail', 'db'] as const;
  const given = fc.record({ web: states, cart: states, mail: states, db: states });
  const outcomes = (found: Readonly<Record<string, readonly string[]>>, name = (id: string) => id) =>
    Object.fromEntries(Object.entries(found).map(([id, list]) => [name(id), list.map((each) => present(each))]));
  const renamed = (name: (id: string) => string): Estate => ({
    components: estate.components.map((component) => ({ ...component, id: name(component.id) })),
    arrows: estate.arrows.map((each) => ({ ...each, from: name(each.from), to: name(each.to) })),
  });

  it('gives the same verdicts when its components are called otherwise', () => {
    const other = (id: string) => `z${[...names].reverse().indexOf(id as never)}-${id}`;
    fc.assert(
      fc.property(given, (found) => {
        const verdicts = (of: Estate, name: (id: string) => string) => {
          const { suspects } = triageOf(of, outcomes(found, name));
          const back = (id: string) => id.replace(/^z\d-/, '');
          return suspects
            .map(({ pack, cause, verdict, explainedBy }) =>
              [back(pack), cause, verdict, explainedBy !== undefined].join()
            )
            .sort();
        };
        expect(verdicts(renamed(other), other)).toEqual(verdicts(estate, (id) => id));
      })
    );
  });

  it('beside another estate gives the suspects of both', () => {
    const other = (id: string) => `other-${id}`;
    const second = renamed(other);
    const both: Estate = {
      components: [...estate.components, ...second.components],
      arrows: [...estate.arrows, ...second.arrows],
    };
    fc.assert(
      fc.property(given, given, (a, b) => {
        const sets = (of: Estate, seen: Readonly<Record<string, readonly Outcome[]>>) => {
          const { leads, explained } = led(triageOf(of, seen));
          return { leads: leads.sort(), explained: explained.sort() };
        };
        const [one, two] = [sets(estate, outcomes(a)), sets(second, outcomes(b, other))];
        expect(sets(both, { ...outcomes(a), ...outcomes(b, other) })).toEqual({
          leads: [...one.leads, ...two.leads].sort(),
          explained: [...one.explained, ...two.explained].sort(),
        });
      })
    );
  });

  it('never lets an unrelated cause lead because an arrow was added', () => {
    fc.assert(
      fc.property(given, fc.constantFrom(...names), fc.constantFrom(...names), (found, from, to) => {
        fc.pre(from !== to);
        const before = led(triageOf(estate, outcomes(found)));
        const after = led(triageOf({ ...estate, arrows: [...estate.arrows, arrow(from, to)] }, outcomes(found)));
        const all = [...before.leads, ...before.explained];
        // What the new arrow points at may turn out to be the trouble, and what that depends on.
        const related = new Set([to, ...(to === 'web' ? ['cart', 'db'] : to === 'cart' ? ['db'] : [])]);
        const isRelated = (name: string) => related.has(name.replace(/\/reason-not-found$/, ''));
        expect(after.leads.filter((name) => !all.includes(name) && !isRelated(name))).toEqual([]);
      })
    );
  });
});
