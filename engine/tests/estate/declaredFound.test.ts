/** What packs declare by its identity, beside what discovery finds: one component for one thing. */
import { describe, expect, it } from 'vitest';
import {
  bind,
  claimsOf,
  declaredEstate,
  discover,
  type DeclaredComponent,
  type DiscoveredEstate,
  type EstateSettings,
  type Pack,
  type Reading,
  type ServiceTarget,
} from '../../src/index';
import { pack, runbook, signal } from '../makePack';
import { KINDS, series } from './kinds';

type Labels = Readonly<Record<string, string>>;
const BY_ID = new Map(KINDS.map((kind) => [kind.id, kind]));

const as = (kind: string, dialect: string, is: Labels, values: Labels = {}) => ({ kind, dialect, is, with: values });
const component = (id: string, ...all: ReadonlyArray<ReturnType<typeof as>>): DeclaredComponent => ({
  ...{ id, title: `The ${id}`, kinds: all.map(({ kind }) => kind) },
  as: all,
});
const estate = (id: string, components: readonly DeclaredComponent[], arrows: Pack['arrows'] = []): Pack => ({
  ...{ ...pack([], []), id, title: id.toUpperCase() },
  components,
  arrows,
});

const SHOP = estate(
  'shop',
  [
    component('pay', as('http-service', 'otel', { job: 'pay' }), as('workload', 'ksm', { deployment: 'pay' })),
    component('db', as('postgres', 'exporter', { server: 'pg-1' }, { postgres: 'orders' })),
    component('provider'),
  ],
  [
    { from: 'pay', to: 'db', origin: 'declared', carries: ['errors'] },
    { from: 'pay', to: 'provider', origin: 'declared' },
  ]
);
/** Everything that the shop declares is there. */
const ALL: Readonly<Record<string, readonly Labels[]>> = {
  'http-service.golang': [],
  'http-service.otel': [{ job: 'pay' }],
  'workload.ksm': [{ deployment: 'pay' }],
  'postgres.exporter': [{ server: 'pg-1' }],
};

function found(
  answers: Readonly<Record<string, readonly Labels[]>>,
  given: {
    packs?: readonly Pack[];
    settings?: EstateSettings;
    targets?: readonly ServiceTarget[];
    claims?: string;
    calls?: readonly Labels[];
  } = {}
): DiscoveredEstate {
  const readings = new Map<string, Reading>(
    Object.entries(answers).map(([id, all]) => [`discover.${id}`, series(...all)])
  );
  readings.set('discover.calls.traces', series(...(given.calls ?? [])));
  const claiming =
    given.claims === undefined
      ? []
      : [
          bind(
            pack([runbook('r', ['s'], [])], [signal('s', { query: { source: 'prometheus', expr: given.claims } })]),
            {}
          ),
        ];
  return discover(
    KINDS,
    readings,
    given.targets ?? [],
    claimsOf(claiming),
    given.settings ?? {},
    declaredEstate(given.packs ?? [SHOP], BY_ID)
  );
}
const ids = ({ components }: DiscoveredEstate) => components.map(({ id }) => id);
const one = ({ components }: DiscoveredEstate, id: string) =>
  components.find((each) => each.id === id) ?? expect.fail(`there is no ${id}`);

describe('a component that a pack declares', () => {
  it('is the one that discovery finds: once, adopted, with the title and the values of the pack', () => {
    const estateFound = found(ALL);
    expect(ids(estateFound)).toEqual(['shop.db', 'shop.pay', 'shop.provider']);
    expect(one(estateFound, 'shop.db')).toEqual({
      ...{ id: 'shop.db', title: 'The db', origin: 'declared', adopted: true },
      kinds: [as('postgres', 'exporter', { server: 'pg-1' }, { postgres: 'orders' })],
      declaredBy: [{ id: 'shop', title: 'SHOP' }],
    });
  });

  it('is there before anything was answered, and nothing is called missing then', () => {
    const estateFound = found({});
    expect(ids(estateFound)).toEqual(['shop.db', 'shop.pay', 'shop.provider']);
    expect(estateFound.components.flatMap(({ unseen = [] }) => unseen)).toEqual([]);
  });

  it('and is not seen says of which of its kinds', () => {
    const estateFound = found({ ...ALL, 'workload.ksm': [], 'http-service.otel': [{ job: 'pay', namespace: 'a' }] });
    expect(one(estateFound, 'shop.pay').unseen).toEqual(['http-service', 'workload']);
    expect(one(estateFound, 'shop.db').unseen).toBeUndefined();
    // Another namespace is another component: nobody guesses.
    expect(ids(estateFound)).toContain('pay');
  });

  it('that only the service knows is not seen where the service has other targets', () => {
    const served = estate('served', [component('db', as('postgres', 'diagnostics', {}, { postgres: 'orders' }))]);
    const target = (id: string) => ({ id, kind: 'postgres', title: id });
    const seen = (...targets: ServiceTarget[]) => one(found({}, { packs: [served], targets }), 'served.db').unseen;
    expect(seen()).toBeUndefined();
    expect(seen(target('orders'))).toBeUndefined();
    expect(seen(target('other'))).toEqual(['postgres']);
  });

  it('has its target for itself, and takes no other', () => {
    const targets = ['orders', 'stock'].map((id) => ({ id, kind: 'postgres', title: id }));
    const estateFound = found(ALL, { targets });
    expect(ids(estateFound)).toEqual(['shop.db', 'shop.pay', 'shop.provider', 'stock']);
    expect(one(estateFound, 'shop.db').kinds[0]?.with).toEqual({ postgres: 'orders' });
  });

  it('is read in the convention that the pack names, when it has series in several', () => {
    const estateFound = found({ ...ALL, 'http-service.golang': [{ job: 'pay' }, { job: 'other' }] });
    expect(one(estateFound, 'shop.pay').kinds[0]).toEqual(as('http-service', 'otel', { job: 'pay' }));
    expect(ids(estateFound)).toEqual(['other', 'shop.db', 'shop.pay', 'shop.provider']);
  });

  it('gets what is certainly the same thing and of another kind', () => {
    const estateFound = found({ ...ALL, 'process.process': [{ job: 'pay' }] });
    expect(one(estateFound, 'shop.pay').kinds.map(({ kind }) => kind)).toEqual(['process', 'http-service', 'workload']);
    expect(ids(estateFound)).toEqual(['shop.db', 'shop.pay', 'shop.provider']);
  });

  it('shares nothing that two of them could be', () => {
    const two = estate('two', [
      component('front', as('http-service', 'otel', { job: 'pay' })),
      component('back', as('workload', 'ksm', { deployment: 'pay' })),
    ]);
    const estateFound = found({ ...ALL, 'process.process': [{ job: 'pay' }] }, { packs: [two] });
    expect(ids(estateFound)).toEqual(['pay', 'pg-1', 'two.back', 'two.front']);
    expect(one(estateFound, 'pay').kinds.map(({ kind }) => kind)).toEqual(['process']);
  });

  it('is evaluated beside a pack that picks its series by its own parameters', () => {
    expect(ids(found(ALL, { claims: 'sum(rate(http_server_count{job="pay"}[5m]))' }))).toContain('shop.pay');
  });

  it('keeps its arrows, with what they carry; measured calls and those that people said come beside', () => {
    const { arrows } = found(
      { ...ALL, 'http-service.golang': [{ job: 'mail' }] },
      {
        settings: { components: { mail: { dependsOn: ['shop.db'] } } },
        calls: [
          { client: 'pay', server: 'mail' },
          { client: 'pay', server: 'orders' },
        ],
      }
    );
    expect(arrows).toEqual([
      { from: 'mail', to: 'shop.db', origin: 'declared' },
      { from: 'shop.pay', to: 'mail', origin: 'measured', client: 'pay' },
      { from: 'shop.pay', to: 'shop.db', origin: 'declared', carries: ['errors'], client: 'pay' },
      { from: 'shop.pay', to: 'shop.provider', origin: 'declared' },
    ]);
  });
});

describe('other ids of a declared component', () => {
  it('are that of a later declaration, and the one that it would have without packs', () => {
    const later = estate('later', [component('database', as('postgres', 'exporter', { server: 'pg-1' }))]);
    const { aliases, components } = found(ALL, { packs: [SHOP, later] });
    expect(aliases).toEqual({ 'later.database': 'shop.db', pay: 'shop.pay', 'pg-1': 'shop.db' });
    expect(components.find(({ id }) => id === 'shop.db')?.declaredBy?.map(({ id }) => id)).toEqual(['shop', 'later']);
  });

  it('leave the ids of all others as they are without the pack', () => {
    const answers = {
      ...ALL,
      'workload.ksm': [
        { deployment: 'x', namespace: 'a' },
        { deployment: 'x', namespace: 'b' },
      ],
    };
    const mine = estate('mine', [component('x', as('workload', 'ksm', { deployment: 'x', namespace: 'a' }))]);
    expect(ids(found(answers, { packs: [] }))).toEqual(['a.x', 'b.x', 'pay', 'pg-1']);
    expect(ids(found(answers, { packs: [mine] }))).toEqual(['b.x', 'mine.x', 'pay', 'pg-1']);
  });
});

describe('what people said of a component that a pack declares', () => {
  const settings: EstateSettings = {
    components: {
      'pg-1': {
        ...{ adopt: true, title: 'Orders', with: { postgres: { postgres: 'orders-2' } } },
        kinds: [{ kind: 'postgres', dialect: 'exporter', is: { server: 'pg-1' } }],
      },
      pay: { dependsOn: ['pg-1'] },
    },
  };

  it('before the pack came still counts: its title and its values stand over those of the pack', () => {
    const estateFound = found(ALL, { settings });
    expect(ids(estateFound)).toEqual(['shop.db', 'shop.pay', 'shop.provider']);
    expect(one(estateFound, 'shop.db')).toMatchObject({ title: 'Orders', kinds: [{ with: { postgres: 'orders-2' } }] });
    expect(estateFound.arrows.map(({ from, to }) => `${from} ${to}`)).toEqual([
      'shop.pay shop.db',
      'shop.pay shop.provider',
    ]);
  });

  it('under its own id is stronger than what was said under another', () => {
    const both = { components: { ...settings.components, 'shop.db': { title: 'Here' } } };
    expect(one(found(ALL, { settings: both }), 'shop.db')).toMatchObject({
      title: 'Here',
      kinds: [{ with: { postgres: 'orders-2' } }],
    });
  });

  it('does not make it another thing, whatever it was adopted as', () => {
    const adopted = {
      components: {
        'shop.db': { adopt: true, kinds: [{ kind: 'postgres', dialect: 'exporter', is: { server: 'old' } }] },
      },
    };
    expect(one(found(ALL, { settings: adopted }), 'shop.db').kinds[0]?.is).toEqual({ server: 'pg-1' });
  });

  it('hides it, and it is told among what is hidden', () => {
    const estateFound = found(ALL, { settings: { components: { 'pg-1': { hide: true } } } });
    expect(ids(estateFound)).toEqual(['shop.pay', 'shop.provider']);
    expect(estateFound.hidden.map(({ id }) => id)).toEqual(['shop.db']);
  });

  it('leaves it declared where nobody knows what people said', () => {
    const unknown = discover(KINDS, new Map(), [], claimsOf([]), undefined, declaredEstate([SHOP], BY_ID));
    expect(unknown.components.every(({ adopted }) => adopted === true)).toBe(true);
  });
});
