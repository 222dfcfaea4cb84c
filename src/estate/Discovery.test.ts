import { describe, expect, it } from 'vitest';
import { declaredEstate, type EstateSettings, type Pack, type PlannedQuery, type Reading } from '@live-runbooks/engine';
import { DATABASE_KIND, seriesOf, WEB_KIND } from '../testing/kinds';
import { testPack } from '../testing/pack';
import { failure, fakeSources, NOW, type Answers } from '../testing/readings';
import { Discovery } from './Discovery';

const services: Reading = seriesOf('job', { web: 1, cart: 1 });
const none = seriesOf('job', {});
const answers: Answers = ({ expr }) => (expr.includes('http_requests_total') ? services : none);

function discovering(
  given: {
    answers?: Answers;
    settings?: EstateSettings;
    kinds?: ReadonlyArray<typeof WEB_KIND>;
    packs?: readonly Pack[];
  } = {}
) {
  let now = NOW;
  const sources = fakeSources({ answers: given.answers ?? answers });
  const discovery = new Discovery({
    ...{ sources, kinds: given.kinds ?? [WEB_KIND, DATABASE_KIND], bounds: [], settings: given.settings ?? {} },
    declared: declaredEstate(given.packs ?? [], new Map()),
    clock: () => now,
  });
  const ids = () => discovery.state.value.estate.components.map(({ id }) => id);
  return { sources, discovery, ids, after: (ms: number) => (now += ms) };
}

describe('discovery', () => {
  it('asks everything in one request, and makes packs of what it finds', () => {
    const { sources, discovery, ids } = discovering();
    expect(discovery.state.value.known).toBe(false);
    discovery.ask();
    expect(sources.evaluated.map(({ plan }) => plan.requests.length)).toEqual([1]);
    expect(discovery.state.value.known).toBe(true);
    expect(ids()).toEqual(['cart', 'web']);
    expect(discovery.state.value.bounds.map(({ pack }) => [pack.id, pack.runbooks.length])).toEqual([
      ['cart', 1],
      ['web', 1],
    ]);
  });

  it('asks at most every five minutes, however many pages are opened', () => {
    const { sources, discovery, after } = discovering();
    discovery.ask();
    discovery.ask();
    after(299_000);
    discovery.ask();
    expect(sources.evaluated).toHaveLength(1);
    after(2_000);
    discovery.ask();
    expect(sources.evaluated).toHaveLength(2);
  });

  it('asks again sooner while nothing is found: Prometheus may not have scraped yet', () => {
    const { sources, discovery, ids, after } = discovering({ answers: () => none });
    discovery.ask();
    expect(ids()).toEqual([]);
    sources.answerWith(answers);
    after(31_000);
    discovery.ask();
    expect(ids()).toEqual(['cart', 'web']);
    after(31_000);
    discovery.ask();
    expect(sources.evaluated).toHaveLength(2);
  });

  it('says what failed, keeps what it knew, and tries again sooner', () => {
    const { sources, discovery, ids, after } = discovering();
    discovery.ask();
    sources.answerWith((query: PlannedQuery) =>
      query.expr.includes('http_requests_total') ? failure('timeout', 'no answer within 10 s', 'Check it') : none
    );
    after(301_000);
    discovery.ask();
    expect(discovery.state.value.unread).toEqual([
      {
        what: 'which components there are',
        reason: 'timeout',
        detail: '1 of 4 questions failed: no answer within 10 s',
        mend: 'Check it',
      },
    ]);
    expect(ids()).toEqual(['cart', 'web']);
    sources.answerWith(answers);
    after(31_000);
    discovery.ask();
    expect(discovery.state.value.unread).toEqual([]);
  });

  it('hands out the same estate while nothing changes, so that no page begins anew', () => {
    const { discovery, after } = discovering();
    discovery.ask();
    const { estate, bounds, unread } = discovery.state.value;
    after(301_000);
    discovery.ask();
    discovery.tellTargets([]);
    expect(discovery.state.value.estate).toBe(estate);
    expect(discovery.state.value.bounds).toBe(bounds);
    expect(discovery.state.value.unread).toBe(unread);
  });

  it('has what a pack declares before anything was asked, and keeps it where nothing can be', () => {
    const web = { kind: 'web', dialect: 'golang', is: { job: 'web' }, with: {} };
    const front = { id: 'front', title: 'The front', kinds: ['web'], as: [web] };
    const { discovery, ids } = discovering({
      answers: () => failure('timeout'),
      packs: [testPack({ id: 'ours', runbooks: [], components: [front], arrows: [] })],
    });
    expect(ids()).toEqual(['ours.front']);
    const [declared] = discovery.state.value.bounds;
    expect(declared?.pack.runbooks.map(({ id }) => id)).toEqual(['web-errors']);
    discovery.ask();
    expect(ids()).toEqual(['ours.front']);
    expect(discovery.state.value.bounds).toEqual([declared]);
    expect(discovery.state.value.estate.components[0]?.unseen).toBeUndefined();
  });

  it('asks nothing where no kind is known', () => {
    const { sources, discovery } = discovering({ kinds: [] });
    discovery.ask();
    expect(sources.evaluated).toEqual([]);
    expect(discovery.state.value.known).toBe(true);
  });

  it('takes targets as it is told them, or asks the service', async () => {
    const { discovery, ids } = discovering();
    discovery.ask();
    discovery.tellTargets([{ id: 'orders', kind: 'postgres', title: 'Orders' }]);
    expect(ids()).toEqual(['cart', 'orders', 'web']);
    await discovery.askTargets(new AbortController().signal);
    expect(ids()).toEqual(['cart', 'shop-postgres', 'web']);
  });

  it('evaluates of a component that only the service knows what the service can tell', () => {
    const { discovery } = discovering();
    discovery.ask();
    discovery.tellTargets([{ id: 'orders', kind: 'postgres', title: 'Orders' }]);
    const orders = discovery.state.value.bounds.find(({ pack }) => pack.id === 'orders');
    expect(orders?.pack.runbooks.map(({ id }) => id)).toEqual(['database-locks']);
  });
});
