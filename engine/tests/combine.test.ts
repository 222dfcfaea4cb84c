/** Signals that are made of others, in one pack and over an arrow of the estate. */
import { describe, expect, it } from 'vitest';

import {
  instantiate,
  judgeAll,
  plan,
  rolesOf,
  type Arrow,
  type BoundPack,
  type Component,
  type Estate,
  type Kind,
  type Reading,
} from '../src/index';
import { problemOf, valueOf } from '../src/judging/arithmetic';
import { cause, evidence, NOW, pack, runbook, signal } from './makePack';

describe('the arithmetic', () => {
  const values = new Map([
    ['a', 8],
    ['b', 2],
  ]);

  it.each([
    ['a - b - 1', 5],
    ['a - b * 3', 2],
    ['(a - b) * 3', 18],
    ['a / b / 2', 2],
    ['-a + 1.5', -6.5],
    ['clamp_min(b - a, 0) / clamp_max(a, 4)', 0],
    ['b / (a - 8)', Infinity],
  ])('%s is %d', (expr, expected) => {
    expect(valueOf(expr, values)).toBe(expected);
  });

  it.each([
    ['a +', 'expected a number, a name or a parenthesis, got the end'],
    ['(a', 'expected `)`, got the end'],
    ['a b', '`b` stands behind the end of the expression'],
    ['c', '`c` has no value; there is: a, b'],
    ['clamp_min(a)', 'expected `,`, got `)`'],
    ['a > b', '`> b` is no part of an expression'],
  ])('%s is refused', (expr, message) => {
    expect(problemOf(expr, ['a', 'b'])).toBe(message);
  });
});

const scope = (identity: readonly string[]) =>
  ({ title: 'Series', kind: 'selector', required: false, identity }) as const;
const asks = (param: string, metric: string) =>
  ({ source: 'prometheus', expr: `sum by ({{${param} | labels}}) (${metric}{ {{${param}}} })` }) as const;
const ACTIVE = signal('active', {
  query: {
    ...{ source: 'prometheus' },
    expr: 'sum by ({{exporter | labels}}) (active{ {{exporter}}, app="{{application}}" })',
  },
});
const WAITING = signal('waiting', { query: asks('exporter', 'waiting'), effect: 'latency' });
const PARAMS = {
  exporter: scope(['instance']),
  application: { title: 'Application', kind: 'value', default: 'somebody', required: false },
} as const;

/** A pool, and the share of it that does nothing in its database. */
const POOL: Kind = {
  ...{ id: 'pool', title: 'Pool', signals: ['in-use', 'held'] },
  identity: { scope: 'pool', labels: ['job'], optional: [], params: {} },
  dialects: { plain: { title: 'Plain', discover: 'pool', name: '{{job}}', set: {} } },
  roles: { database: { kind: 'database', params: { application: 'client' } } },
  pack: pack(
    [
      runbook(
        'exhausted',
        ['in-use'],
        [cause('leak', [evidence('held', 'strong'), evidence('waiting', 'none', '-weak')])]
      ),
    ],
    [
      signal('in-use', { query: asks('pool', 'in_use') }),
      signal('held', {
        query: {
          source: 'combine',
          expr: 'clamp_min(used - active, 0) / used',
          of: { used: 'in-use', active: 'active' },
          floor: { used: 4 },
        },
        test: { above: 0.5 },
      }),
      ACTIVE,
      WAITING,
    ],
    { pool: scope(['job']), ...PARAMS }
  ),
};
const DATABASE: Kind = {
  ...{ id: 'database', title: 'Database', signals: ['active', 'waiting'] },
  identity: { scope: 'exporter', labels: ['instance'], optional: [], params: {} },
  dialects: { plain: { title: 'Plain', discover: 'db', name: '{{instance}}', set: {} } },
  pack: pack([runbook('waits', ['waiting'], [cause('held', [evidence('waiting', 'strong')])])], [WAITING], PARAMS),
};
const KINDS = new Map([POOL, DATABASE].map((kind) => [kind.id, kind]));

const component = (id: string, kind: string, is: Readonly<Record<string, string>>): Component => ({
  ...{ id, title: id, origin: 'discovered', adopted: true },
  kinds: [{ kind, dialect: 'plain', is, with: {} }],
});
const arrow = (from: string, to: string, more: Partial<Arrow> = {}): Arrow => ({
  from,
  to,
  origin: 'measured',
  ...more,
});
const COMPONENTS = [
  component('shop', 'pool', { job: 'shop' }),
  component('mail', 'pool', { job: 'mail' }),
  component('db', 'database', { instance: 'db:1' }),
  component('other', 'database', { instance: 'other:1' }),
];
const estateOf = (...arrows: readonly Arrow[]): Estate => ({ components: COMPONENTS, arrows });
const boundsOf = (estate: Estate): BoundPack[] =>
  estate.components.map((one) => instantiate(one, KINDS, { roles: rolesOf(one, estate, KINDS) }));

/** Outcomes where each query answers the value of its metric for each job, or for each application. */
function outcomesOf(estate: Estate, values: Readonly<Record<string, number>>) {
  const bounds = boundsOf(estate);
  const planned = plan(bounds);
  const readings = new Map<string, Reading>(
    planned.queries.map(({ id, expr }) => {
      const application = /app="(\w+)"/.exec(expr)?.[1];
      const samples = ['shop', 'mail', 'db:1', 'other:1'].flatMap((name) => {
        const metric = /\((\w+)\{/.exec(expr)?.[1] ?? '';
        const value = values[`${metric} ${application ?? name}`];
        return value === undefined ? [] : [{ labels: { job: name, instance: name }, value }];
      });
      return [id, { kind: 'samples', samples, askedAt: NOW, tookMs: 1 }] as const;
    })
  );
  return judgeAll(bounds, planned, readings, NOW);
}

describe('a role', () => {
  const measured = estateOf(arrow('shop', 'db', { client: 'shop' }));

  it('gives a pool what its causes say of its database, under the name by which it was measured', () => {
    const [shop, mail] = boundsOf(measured);
    expect(Object.keys(shop?.pack.signals ?? {}).sort()).toEqual(['active', 'held', 'in-use', 'waiting']);
    expect(shop?.values['application']).toBe('shop');
    // Without an arrow nobody knows which database is meant.
    expect(Object.keys(mail?.pack.signals ?? {})).toEqual(['in-use']);
    expect(mail?.pack.runbooks[0]?.causes).toEqual([]);
  });

  it('shows the trouble of the database at the database alone', () => {
    const [shop, , db] = boundsOf(measured);
    expect([shop?.pack.signals['waiting']?.effect, db?.pack.signals['waiting']?.effect]).toEqual([
      undefined,
      'latency',
    ]);
  });

  it('asks the database once for itself and for the pool, and no query joins two identities', () => {
    const { queries } = plan(boundsOf(measured));
    expect(queries.filter(({ expr }) => expr.includes('(waiting')).map(({ signals }) => [...signals].sort())).toEqual([
      ['db/waiting', 'other/waiting', 'shop/waiting'],
    ]);
    expect(queries.filter(({ expr }) => expr.includes('job=') && expr.includes('instance='))).toEqual([]);
  });

  it('takes the values of the arrow before the measured name, and never the default of the parameter', () => {
    const said = estateOf(arrow('shop', 'db', { client: 'shop', with: { application: 'shopd' } }), arrow('mail', 'db'));
    const [shop, mail] = boundsOf(said);
    expect(shop?.values['application']).toBe('shopd');
    expect(mail?.values['application']).toBeUndefined();
    expect(Object.keys(mail?.pack.signals ?? {}).sort()).toEqual(['in-use', 'waiting']);
  });

  it('is filled by nobody where two could, unless an arrow says so', () => {
    const [first, second] = [arrow('shop', 'db', { client: 'shop' }), arrow('shop', 'other', { client: 'shop' })];
    const rolesFor = (...arrows: readonly Arrow[]) =>
      rolesOf(COMPONENTS[0] ?? expect.fail(), estateOf(...arrows), KINDS).map(({ as }) => as.is);
    expect(rolesFor(first, second)).toEqual([]);
    expect(rolesFor(first, { ...second, as: 'database' })).toEqual([{ instance: 'other:1' }]);
  });
});

describe('a signal that combines', () => {
  const estate = estateOf(arrow('shop', 'db', { client: 'shop' }));
  const held = (values: Readonly<Record<string, number>>) => outcomesOf(estate, values).get('shop/held');

  it('has the number that the outcomes of both components make', () => {
    expect(held({ 'in_use shop': 10, 'active shop': 2 })).toMatchObject({ state: 'present', value: 0.8 });
    expect(held({ 'in_use shop': 10, 'active shop': 9 })).toMatchObject({ state: 'absent', value: 0.1 });
  });

  it('does not apply below its floor', () => {
    expect(held({ 'in_use shop': 3, 'active shop': 0 })).toMatchObject({ state: 'unknown', reason: 'not-applicable' });
  });

  it('is unknown while one of its parts is, for the same reason', () => {
    expect(held({ 'in_use shop': 10 })).toMatchObject({
      ...{ state: 'unknown', reason: 'no-series' },
      detail: expect.stringContaining('which is unknown') as unknown,
    });
  });
});
