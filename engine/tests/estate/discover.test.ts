import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  bind,
  claimsOf,
  discover,
  discoveryQueries,
  type Component,
  type DiscoveredEstate,
  type EstateSettings,
  type Kind,
  type Reading,
  type ServiceTarget,
} from '../../src/index';
import { NOW, pack, runbook, signal } from '../makePack';
import { KINDS, series } from './kinds';

type Labels = Readonly<Record<string, string>>;

/** What each discovery query answers, by `<kind>.<dialect>`. */
interface Given {
  readonly series?: Readonly<Record<string, readonly Labels[]>>;
  readonly calls?: ReadonlyArray<readonly [string, string]>;
  readonly targets?: readonly ServiceTarget[];
  readonly settings?: EstateSettings;
  /** Queries of a pack that is there already, whose id is `gorax`. */
  readonly claims?: readonly string[];
  readonly claimedTargets?: readonly string[];
}

function found({ series: answers = {}, calls = [], targets = [], settings = {}, ...claims }: Given): DiscoveredEstate {
  const readings = new Map<string, Reading>(
    Object.entries(answers).map(([id, all]) => [`discover.${id}`, series(...all)])
  );
  readings.set('discover.calls.traces', series(...calls.map(([client, server]) => ({ client, server }))));
  return discover(KINDS, readings, targets, claimsOf([boundPack(claims)]), settings);
}

function boundPack({ claims = [], claimedTargets = [] }: Pick<Given, 'claims' | 'claimedTargets'>) {
  const signals = [
    ...claims.map((expr, index) => signal(`claim-${index}`, { query: { source: 'prometheus', expr } })),
    ...claimedTargets.map((target, index) =>
      signal(`target-${index}`, { query: { source: 'diagnostics', check: 'postgres.x', target, read: { field: 'x' } } })
    ),
  ];
  return bind(
    {
      ...pack(
        [
          runbook(
            'r',
            signals.map(({ id }) => id),
            []
          ),
        ],
        signals
      ),
      id: 'gorax',
    },
    {}
  );
}

const ids = ({ components }: DiscoveredEstate) => components.map(({ id }) => id);
const kindsOf = ({ components }: DiscoveredEstate, id: string) =>
  components.find((component) => component.id === id)?.kinds.map(({ kind }) => kind);

describe('the queries of discovery', () => {
  it('are one for each kind and dialect, with the labels that tell components apart, and those that measure calls', () => {
    const queries = discoveryQueries(KINDS);
    expect(queries.map(({ expr }) => expr)).toEqual([
      'count by (job, namespace) (http_requests_total)',
      'count by (job, namespace) (http_server_count)',
      'count by (job, namespace) (process_cpu_seconds_total)',
      'count by (deployment, namespace) (kube_deployment_labels)',
      'count by (server, namespace) (pg_up)',
      'sum by (client, server) (rate(traces_service_graph_request_total[1h])) > 0',
      'sum by (source_workload, destination_service_name) (rate(istio_requests_total[1h])) > 0',
    ]);
    expect(new Set(queries.map(({ id }) => id)).size).toBe(queries.length);
  });
});

describe('discovery', () => {
  it('makes a component of each identity: its kind, its convention, not adopted', () => {
    const { components } = found({ series: { 'http-service.otel': [{ job: 'checkout' }] } });
    expect(components).toEqual([
      {
        id: 'checkout',
        title: 'checkout',
        origin: 'discovered',
        adopted: false,
        kinds: [{ kind: 'http-service', dialect: 'otel', is: { job: 'checkout' }, with: {} }],
      },
    ]);
  });

  it('finds nothing where nothing was answered, or where the query failed', () => {
    const failure: Reading = { kind: 'failure', reason: 'timeout', detail: '', mend: '', askedAt: NOW, tookMs: 1 };
    const answers = new Map([['discover.http-service.otel', failure]]);
    expect(discover(KINDS, answers, [], claimsOf([]), {})).toEqual({
      components: [],
      arrows: [],
      hidden: [],
      aliases: {},
    });
  });

  it('leaves out a series without a label that every component has', () => {
    expect(ids(found({ series: { 'http-service.otel': [{ namespace: 'shop' }, { job: '' }] } }))).toEqual([]);
  });

  it('tells what speaks two dialects once, by the first', () => {
    const both = found({
      series: { 'http-service.golang': [{ job: 'a' }], 'http-service.otel': [{ job: 'a' }, { job: 'shop/a' }] },
    });
    expect(both.components.map(({ kinds }) => kinds.map(({ dialect }) => dialect))).toEqual([['golang']]);
  });

  it('takes one namespace and another for two components', () => {
    const two = {
      'http-service.otel': [
        { job: 'web', namespace: 'a' },
        { job: 'web', namespace: 'b' },
      ],
    };
    expect(ids(found({ series: two }))).toEqual(['web.a', 'web.b']);
  });
});

describe('ids', () => {
  it('stand in an address as they are', () => {
    const { components } = found({ series: { 'http-service.otel': [{ job: 'Shop/Check out (v2)' }] } });
    expect(components.map(({ id, title }) => [id, title])).toEqual([['shop.check-out-v2', 'Shop/Check out (v2)']]);
    expect(encodeURIComponent(components[0]?.id ?? '')).toBe(components[0]?.id);
  });

  it('are numbered where no label tells two apart', () => {
    expect(ids(found({ series: { 'http-service.otel': [{ job: 'a b' }, { job: 'a-b' }] } }))).toEqual([
      'a-b-1',
      'a-b-2',
    ]);
  });

  it('are never that of a pack: outcomes are kept by them', () => {
    expect(ids(found({ series: { 'http-service.otel': [{ job: 'gorax', namespace: 'x' }] } }))).toEqual(['gorax.x']);
    expect(ids(found({ series: { 'http-service.otel': [{ job: 'gorax' }] } }))).toEqual(['gorax-1']);
  });
});

describe('kinds of one component', () => {
  it('have the same labels', () => {
    const one = found({
      series: { 'http-service.otel': [{ job: 'a' }], 'process.process': [{ job: 'a' }, { job: 'b' }] },
    });
    expect(kindsOf(one, 'a')).toEqual(['http-service', 'process']);
    expect(kindsOf(one, 'b')).toEqual(['process']);
  });

  it('or the same name, in the same namespace where both tell theirs', () => {
    const one = found({
      series: {
        'http-service.otel': [{ job: 'checkout' }, { job: 'web', namespace: 'a' }],
        'workload.ksm': [
          { deployment: 'checkout', namespace: 'shop' },
          { deployment: 'web', namespace: 'b' },
        ],
      },
    });
    expect(kindsOf(one, 'shop.checkout')).toEqual(['http-service', 'workload']);
    expect(ids(one)).toEqual(['b.web', 'shop.checkout', 'web']);
  });

  it('stay apart where it is not certain which two belong together', () => {
    const apart = found({
      series: {
        'http-service.otel': [{ job: 'web' }],
        'workload.ksm': [
          { deployment: 'web', namespace: 'a' },
          { deployment: 'web', namespace: 'b' },
        ],
      },
    });
    expect(apart.components.map(({ kinds }) => kinds.length)).toEqual([1, 1, 1]);
  });

  it('pick their series by one parameter only where their labels are equal', () => {
    const shared = KINDS.map((kind) =>
      kind.id === 'http-service' || kind.id === 'process'
        ? { ...kind, identity: { ...kind.identity, scope: 'series' } }
        : kind
    );
    const answers = new Map([
      ['discover.http-service.otel', series({ job: 'a' }, { job: 'b' })],
      ['discover.process.process', series({ job: 'a' }, { job: 'b', namespace: 'x' })],
    ]);
    const { components } = discover(shared, answers, [], claimsOf([]), {});
    expect(components.map(({ kinds }) => kinds.length)).toEqual([2, 1, 1]);
  });

  it('do not meet in a namespace alone', () => {
    const apart = found({
      series: {
        'http-service.otel': [{ job: 'web', namespace: 'a' }],
        'workload.ksm': [{ deployment: 'mail', namespace: 'a' }],
      },
    });
    expect(apart.components).toHaveLength(2);
  });
});

describe('targets of the diagnostics service', () => {
  const target = (id: string, title = id): ServiceTarget => ({ id, title, kind: 'postgres' });
  const targetsOf = ({ components }: DiscoveredEstate) =>
    components.map(({ id, kinds }) => [id, kinds.map((as) => as.with.postgres)]);

  it('are components where no series of theirs was found', () => {
    const { components } = found({ targets: [target('orders-db', 'Database of orders')] });
    expect(components).toEqual([
      {
        id: 'orders-db',
        title: 'Database of orders',
        origin: 'discovered',
        adopted: false,
        kinds: [{ kind: 'postgres', dialect: 'diagnostics', is: {}, with: { postgres: 'orders-db' } }],
      },
    ]);
  });

  it('belong to the component of their kind, when there is one target and one component', () => {
    const one = found({ series: { 'postgres.exporter': [{ server: 'pg-1' }] }, targets: [target('orders')] });
    expect(targetsOf(one)).toEqual([['pg-1', ['orders']]]);
  });

  it('or to the one with their name; another target is a component of its own', () => {
    const two = found({
      series: { 'postgres.exporter': [{ server: 'pg-1' }, { server: 'pg-2' }] },
      targets: [target('pg-2'), target('other'), target('third')],
    });
    expect(targetsOf(two)).toEqual([
      ['other', ['other']],
      ['pg-1', [undefined]],
      ['pg-2', ['pg-2']],
      ['third', ['third']],
    ]);
  });

  it('of a kind that nobody knows are nothing', () => {
    expect(ids(found({ targets: [{ id: 'q', kind: 'kafka', title: 'Q' }] }))).toEqual([]);
  });
});

describe('what packs look at', () => {
  const answers = {
    'http-service.otel': [{ job: 'gorax-api' }, { job: 'other' }],
    'process.process': [{ job: 'gorax-api' }],
    'workload.ksm': [
      { deployment: 'gorax-api', namespace: 'default' },
      { deployment: 'else', namespace: 'default' },
    ],
  };

  it('is theirs, by the selectors of their queries', () => {
    const claims = [
      'sum(rate(x{job="gorax-api",status=~"5.."}[5m])) / sum(rate(x{job="gorax-api"}[5m]))',
      `kube_deployment_status{namespace="default",deployment='gorax-api'}`,
    ];
    expect(ids(found({ series: answers, claims }))).toEqual(['default.else', 'other']);
  });

  it.each([
    ['everything', 'x{job=~".+"}'],
    ['a namespace', 'x{namespace="default"}'],
    ['what is not something', 'x{job!="other"}'],
    ['labels of something else', 'x{queue="default"}'],
    ['an expression that is none', 'x{job=~"("}'],
  ])('is not %s', (_name, expr) => {
    expect(found({ series: answers, claims: [expr] })).toEqual(found({ series: answers }));
  });

  it('is not what a selector contradicts', () => {
    const series = { 'http-service.otel': [{ job: 'a', namespace: 'x' }] };
    expect(ids(found({ series, claims: ['y{job="a",namespace="z"}'] }))).toEqual(['a']);
  });

  it('are their targets, too', () => {
    const targets = [{ id: 'gorax-postgres', kind: 'postgres', title: 'P' }];
    expect(ids(found({ targets, claimedTargets: ['gorax-postgres'] }))).toEqual([]);
  });
});

describe('measured calls', () => {
  const answers = { 'http-service.otel': [{ job: 'web' }, { job: 'shop/cart' }, { job: 'mail' }] };

  it('are arrows between components of these names', () => {
    const calls: Given['calls'] = [
      ['web', 'cart'],
      ['web', 'web'],
      ['web', 'cart'],
    ];
    expect(found({ series: answers, calls }).arrows).toEqual([
      { from: 'web', to: 'shop.cart', origin: 'measured', client: 'web' },
    ]);
  });

  it('name a server as the diagnostics service does, also where no exporter watches it', () => {
    const targets = [
      { id: 'orders', kind: 'postgres', title: 'Orders' },
      { id: 'money', kind: 'postgres', title: 'Money' },
    ];
    const estate = { series: answers, targets, calls: [['web', 'orders'] as const] };
    expect(found(estate).arrows).toEqual([{ from: 'web', to: 'orders', origin: 'measured', client: 'web' }]);
  });

  it('to a name that is unknown, or of two, are nothing', () => {
    const two = { 'http-service.otel': [...answers['http-service.otel'], { job: 'other/cart' }] };
    const calls: Given['calls'] = [
      ['web', 'cart'],
      ['web', 'stripe'],
    ];
    expect(found({ series: two, calls }).arrows).toEqual([]);
  });
});

describe('what people said', () => {
  const answers = { 'http-service.otel': [{ job: 'web' }, { job: 'cart' }] };

  it('adopts, renames, gives values, and draws arrows; one to nothing that is known is left out', () => {
    const { components, arrows } = found({
      series: answers,
      calls: [['web', 'cart']],
      settings: {
        components: {
          web: { adopt: true, title: 'Shop', dependsOn: ['cart', 'gone'], with: { 'http-service': { window: '1m' } } },
        },
      },
    });
    expect(components.find(({ id }) => id === 'web')).toMatchObject({
      title: 'Shop',
      adopted: true,
      kinds: [{ with: { window: '1m' } }],
    });
    expect(arrows).toEqual([{ from: 'web', to: 'cart', origin: 'declared', client: 'web' }]);
  });

  it('hides: neither component nor arrow, and still told', () => {
    const { components, arrows, hidden } = found({
      series: answers,
      calls: [['web', 'cart']],
      settings: { components: { cart: { hide: true } } },
    });
    expect([components.map(({ id }) => id), arrows, hidden.map(({ id }) => id)]).toEqual([['web'], [], ['cart']]);
  });

  it('keeps what was adopted: its id when another of its name appears, and itself when its series are gone', () => {
    const kinds = [{ kind: 'http-service', dialect: 'otel', is: { job: 'web' } }];
    const settings = { components: { web: { adopt: true, title: 'Shop', kinds } } };
    const beside = found({
      series: { 'http-service.otel': [{ job: 'web' }, { job: 'web', namespace: 'b' }] },
      settings,
    });
    expect(beside.components.map(({ id, kinds: [as] }) => [id, as?.is])).toEqual([
      ['web', { job: 'web' }],
      ['web.b', { job: 'web', namespace: 'b' }],
    ]);
    expect(found({ settings }).components).toEqual([
      {
        id: 'web',
        title: 'Shop',
        origin: 'declared',
        adopted: true,
        kinds: [{ kind: 'http-service', dialect: 'otel', is: { job: 'web' }, with: {} }],
      },
    ]);
  });
});

describe('any estate', () => {
  const value = fc.constantFrom('a', 'b', 'c', 'a/b');
  const optional = fc.option(value, { nil: undefined });
  const labelsOfKind = ({ identity }: Kind) =>
    fc
      .record({ ...Object.fromEntries(identity.labels.map((label) => [label, value])), namespace: optional })
      .map((labels) => JSON.parse(JSON.stringify(labels)) as Labels);
  const anySeries = fc.record(
    Object.fromEntries(
      KINDS.flatMap((kind) =>
        Object.keys(kind.dialects).map((dialect) => [
          `${kind.id}.${dialect}`,
          fc.uniqueArray(labelsOfKind(kind), { maxLength: 4, selector: (labels) => JSON.stringify(labels) }),
        ])
      )
    )
  );
  const anyCalls = fc.array(fc.tuple(value, value), { maxLength: 4 });

  const RENAMED: Readonly<Record<string, string>> = { a: 'Zoo', b: 'm-1', c: 'a' };
  const rename = (text: string) =>
    text
      .split('/')
      .map((part) => RENAMED[part] ?? part)
      .join('/');

  /** Its components by what they are, and not by what they are called. */
  function shape({ components, arrows }: DiscoveredEstate, by: (text: string) => string) {
    const form = ({ kinds }: Component) =>
      kinds.map(({ kind, dialect, is }) => [
        kind,
        dialect,
        ...Object.entries(is)
          .map(([label, text]) => `${label}=${by(text)}`)
          .sort(),
      ]);
    const byId = new Map(components.map((component) => [component.id, JSON.stringify(form(component))]));
    return {
      components: [...byId.values()].sort(),
      arrows: arrows.map(({ from, to }) => JSON.stringify([byId.get(from), byId.get(to)])).sort(),
    };
  }

  it('has other names, and nothing else, when the values of labels are renamed', () => {
    fc.assert(
      fc.property(anySeries, anyCalls, (given, calls) => {
        const renamed = Object.fromEntries(
          Object.entries(given).map(([query, all]) => [
            query,
            all.map((labels) => Object.fromEntries(Object.entries(labels).map(([l, text]) => [l, rename(text)]))),
          ])
        );
        const renamedCalls = calls.map(([from, to]) => [rename(from), rename(to)] as const);
        expect(shape(found({ series: renamed, calls: renamedCalls }), (text) => text)).toEqual(
          shape(found({ series: given, calls }), rename)
        );
      })
    );
  });

  it('is the same in whatever order the series are answered, and no two of its ids are equal', () => {
    fc.assert(
      fc.property(anySeries, anyCalls, (given, calls) => {
        const turned = Object.fromEntries(Object.entries(given).map(([query, all]) => [query, [...all].reverse()]));
        const estate = found({ series: given, calls });
        expect(found({ series: turned, calls })).toEqual(estate);
        expect(new Set(ids(estate)).size).toBe(estate.components.length);
      })
    );
  });
});
