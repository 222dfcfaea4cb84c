/** What is said of those that a component in trouble depends on: that they are quiet counts only where they were heard. */
import { describe, expect, it } from 'vitest';

import { askedBeside, bind, diagnose, heardBeside, plan, triage, type Estate, type Outcome } from '../../src/index';
import { silenceWords } from '../../src/wording/silenceWords';
import { absent, cause, evidence, NOW, pack, present, runbook, signal, unknown } from '../makePack';
import { arrow, boundsOf, database, service, triageOf } from './makeEstate';

const estate: Estate = {
  components: [service('web'), service('cart'), service('mail'), database('db')],
  arrows: [arrow('web', 'cart'), arrow('cart', 'db'), arrow('cart', 'mail')],
};
const badVersion = [present('errors'), present('bad-version')];
const heard = (given: Readonly<Record<string, readonly Outcome[]>>, of: Estate = estate) =>
  triageOf(of, given).headline.heard;

describe('a component whose own cause leads', () => {
  it('is told that what it depends on was asked and is quiet', () => {
    expect(heard({ cart: badVersion })).toBe('Db and mail that it depends on were asked and show no trouble.');
    expect(triageOf(estate, { cart: badVersion }).suspects[0]?.heard).toBe(heard({ cart: badVersion }));
  });

  it('is told what could not be asked, or not about everything', () => {
    const silent = ['waiting', 'down'].map((id) => unknown(id));
    expect(heard({ cart: badVersion, db: silent })).toBe(
      'Mail that it depends on was asked and shows no trouble; db could not be asked.'
    );
    expect(heard({ cart: badVersion, db: silent.slice(1) })).toBe(
      'Mail that it depends on was asked and shows no trouble; db shows no trouble in what could be asked of it.'
    );
  });

  it('is told of one in trouble first', () => {
    expect(heard({ cart: badVersion, mail: [present('slow')] })).toBe(
      'Mail that it depends on shows trouble; db was asked and shows no trouble.'
    );
  });

  it('takes what does not apply for no answer that is missing', () => {
    const inapplicable = unknown('down', { reason: 'not-applicable' });
    expect(heard({ cart: badVersion, db: [inapplicable] })).toContain('Db and mail');
  });

  it('is told nothing where no arrow leads: what it depends on is not known', () => {
    expect(heard({ mail: badVersion })).toBeUndefined();
  });

  it('is told that what nobody looks at could not be asked', () => {
    const unseen = { ...estate, arrows: [arrow('mail', 'billing')] };
    expect(heard({ mail: badVersion }, unseen)).toBe('Billing that it depends on could not be asked.');
  });
});

describe('a component without a reason in sight', () => {
  it('is told the same', () => {
    expect(heard({ cart: [present('errors')] })).toBe('Db and mail that it depends on were asked and show no trouble.');
  });

  it('is told nothing while its trouble fades', () => {
    const bounds = boundsOf(estate).filter((bound) => bound.pack.id === 'cart');
    const [bound] = bounds;
    const outcomes = new Map([['cart/errors', present('errors')]]);
    const diagnosis = diagnose(bound!, 'service-errors', outcomes, NOW);
    expect(heardBeside({ ...diagnosis, recovering: true }, bounds, outcomes, estate)).toBeUndefined();
    expect(heardBeside(diagnosis, bounds, outcomes, estate)).toBeDefined();
  });
});

describe('a suspect that another one explains', () => {
  it('is told nothing: its reason is elsewhere', () => {
    const { suspects } = triageOf(estate, {
      db: [present('waiting'), present('holder')],
      cart: [present('slow'), present('busy')],
    });
    expect(suspects.map(({ cause: id, heard: said }) => [id, said])).toEqual([
      ['holder', undefined],
      ['busy', undefined],
    ]);
  });
});

describe('the components that a pack declares', () => {
  const shop = {
    ...pack(
      [
        runbook(
          'errors',
          ['failing'],
          [
            cause('deploy', [evidence('version', 'decisive', '-decisive')], { at: 'api' }),
            cause('db-down', [evidence('db-dead', 'decisive', '-decisive')], { at: 'db' }),
          ],
          { of: 'api' }
        ),
      ],
      [signal('failing', { effect: 'errors', at: 'api' }), signal('db-dead', { effect: 'unavailable', at: 'db' })]
    ),
    components: [
      { id: 'api', title: 'the API', kinds: [] },
      { id: 'db', title: 'the database', kinds: [] },
      { id: 'queue', title: 'the queue', kinds: [] },
    ],
    arrows: [arrow('api', 'db'), arrow('api', 'queue')],
  };
  const bounds = [bind(shop, {})];
  const told = (...given: readonly Outcome[]) => {
    const outcomes = new Map(
      [absent('version'), absent('db-dead'), ...given].map((outcome) => [`p/${outcome.signal}`, outcome])
    );
    const diagnosis = diagnose(bounds[0]!, 'errors', outcomes, NOW);
    const page = heardBeside(diagnosis, bounds, outcomes);
    expect(triage(bounds, [diagnosis], outcomes, NOW).headline.heard).toBe(page);
    return page;
  };

  it('are heard like those of an estate', () => {
    const quiet = 'The database that it depends on was asked and shows no trouble; the queue could not be asked.';
    expect(told(present('failing'))).toBe(quiet);
    expect(told(present('failing'), present('version'))).toBe(quiet);
  });

  it('say nothing where the cause is at one of them', () => {
    expect(told(present('failing'), present('db-dead'))).toBeUndefined();
  });

  it('are asked by the page of a runbook alone', () => {
    expect(askedBeside(shop, 'errors', bounds)).toEqual(['p/db-dead']);
  });
});

it('asks of the neighbours of a component only what shows trouble', () => {
  const bounds = boundsOf(estate);
  const web = bounds.find((bound) => bound.pack.id === 'cart')!;
  const signals = askedBeside(web.pack, 'service-errors', bounds, estate);
  expect(signals).toEqual(['db/waiting', 'db/down', 'mail/errors', 'mail/slow']);
  const asked = plan(bounds, { runbooks: ['cart/service-errors'], signals }).queries.flatMap((query) => query.signals);
  expect(asked.filter((key) => key.startsWith('db/')).sort()).toEqual(['db/down', 'db/waiting']);
});

it('names two of many', () => {
  const of = (well: readonly string[]) => silenceWords({ troubled: [], well, partly: [], unheard: [] });
  expect(of(['a', 'b', 'c'])).toBe('A, b and c that it depends on were asked and show no trouble.');
  expect(of(['a', 'b', 'c', 'd'])).toBe('A, b and 2 more that it depends on were asked and show no trouble.');
  expect(of([])).toBeUndefined();
});
