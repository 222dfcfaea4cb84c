/** What a component has of its kinds, and what is left out because it lacks it. */
import { describe, expect, it } from 'vitest';

import { instantiate, plan, type Component, type ComponentKind, type Kind } from '../../src/index';
import { cause, evidence, pack, runbook, signal } from '../makePack';

const scope = (identity: readonly string[]) =>
  ({ title: 'Series', kind: 'selector', required: false, identity }) as const;
const asks = (param: string, metric: string) =>
  ({ source: 'prometheus', expr: `sum by ({{${param} | labels}}) (${metric}{ {{${param}}} })` }) as const;

const ERRORS = signal('errors', { query: asks('api', 'failed') });
const VERSION = signal('version', { query: { source: 'prometheus', expr: 'count({{build_info}}{ {{api}} })' } });
const RESTARTS = signal('restarts', { query: asks('workload', 'restarts') });
const CHECK = signal('down', {
  query: { source: 'diagnostics', check: 'postgres.availability', target: '{{target}}', read: { field: 'up' } },
});
const EXPORTED = signal('exported', { query: asks('exporter', 'pg_up') });

const SERVICE: Kind = {
  ...{ id: 'service', title: 'Service', signals: ['errors', 'version'] },
  identity: { scope: 'api', labels: ['job'], optional: ['namespace'], params: { place: 'namespace' } },
  dialects: {
    plain: { title: 'Plain', discover: 'up', name: '{{job}}', set: {} },
    mesh: {
      ...{ title: 'Mesh', discover: 'mesh', name: '{{destination}}', set: {} },
      identity: { labels: ['destination'], optional: [], params: {} },
    },
  },
  pack: pack(
    [
      runbook(
        'errors',
        ['errors'],
        [
          cause('bad-version', [evidence('version', 'strong', '-decisive'), evidence('errors', 'moderate')]),
          cause('crashes', [evidence('restarts', 'strong', '-strong')]),
        ]
      ),
    ],
    [ERRORS, VERSION, RESTARTS],
    {
      api: scope(['job', 'namespace']),
      build_info: { title: 'Build information', kind: 'metric', required: false },
    }
  ),
};
/** No runbook of its own names `restarts`. */
const WORKLOAD: Kind = {
  ...{ id: 'workload', title: 'Workload', signals: ['restarts'] },
  identity: { scope: 'workload', labels: ['deployment'], optional: [], params: {} },
  dialects: { plain: { title: 'Plain', discover: 'kube', name: '{{deployment}}', set: {} } },
  pack: pack([], [], { workload: scope(['deployment']) }),
};
const DATABASE: Kind = {
  ...{ id: 'database', title: 'Database', signals: ['down', 'exported'] },
  identity: { scope: 'exporter', labels: ['instance'], optional: [], params: {} },
  dialects: { plain: { title: 'Plain', discover: 'pg_up', name: '{{instance}}', set: {} } },
  pack: pack(
    [runbook('unavailable', ['down', 'exported'], [cause('gone', [evidence('down', 'strong')])])],
    [CHECK, EXPORTED],
    {
      exporter: scope(['instance']),
      target: { title: 'Target', kind: 'value', required: false },
    }
  ),
};
const KINDS = new Map([SERVICE, WORKLOAD, DATABASE].map((kind) => [kind.id, kind]));

const as = (kind: string, more: Partial<ComponentKind>): ComponentKind => ({
  ...{ kind, dialect: 'plain', is: {}, with: {} },
  ...more,
});
const component = (...kinds: readonly ComponentKind[]): Component => ({
  ...{ id: 'shop', title: 'Shop', origin: 'discovered', adopted: false, kinds },
});
const made = (...kinds: readonly ComponentKind[]) => instantiate(component(...kinds), KINDS);
const shop = { is: { job: 'shop' } };

describe('a component', () => {
  it('keeps no cause whose strong evidence it lacks, and its runbook still says that something is wrong', () => {
    const { pack: own } = made(as('service', shop));
    expect(Object.keys(own.signals)).toEqual(['errors']);
    expect(own.runbooks.map(({ id, symptoms, causes }) => [id, symptoms, causes])).toEqual([
      ['service-errors', ['errors'], []],
    ]);
  });

  it('has a signal once its parameter has a value, and the causes that rest on it', () => {
    const { pack: own } = made(as('service', { ...shop, with: { build_info: 'shop_build_info' } }));
    expect(own.runbooks[0]?.causes.map(({ id }) => id)).toEqual(['bad-version']);
  });

  it('has a signal of one of its kinds that only the runbook of another one names', () => {
    const { pack: own } = made(as('service', shop), as('workload', { is: { deployment: 'shop' } }));
    expect(own.runbooks[0]?.causes.map(({ id }) => id)).toEqual(['crashes']);
    expect(
      plan([made(as('service', shop), as('workload', { is: { deployment: 'shop' } }))]).queries.map(({ expr }) => expr)
    ).toContain('sum by (deployment) (restarts{ deployment="shop" })');
  });

  it('is told apart by the labels of its convention', () => {
    const bound = made(as('service', { dialect: 'mesh', is: { destination: 'shop' } }));
    expect(bound.identities).toEqual({ api: { destination: 'shop' } });
    expect(plan([bound]).queries.map(({ expr }) => expr)).toEqual([
      'sum by (destination) (failed{ destination="shop" })',
    ]);
  });

  it('takes parameters from its labels', () => {
    const { values } = instantiate(
      component(as('service', { is: { job: 'shop', namespace: 'eu' } })),
      new Map([
        [
          SERVICE.id,
          {
            ...SERVICE,
            pack: {
              ...SERVICE.pack,
              params: { ...SERVICE.pack.params, place: { title: 'Place', kind: 'value', required: false } },
            },
          },
        ],
      ])
    );
    expect(values['place']).toBe('eu');
  });

  it('that only the diagnostics service knows has no signal of an exporter', () => {
    const bound = made(as('database', { dialect: 'diagnostics', with: { target: 'main' } }));
    expect(Object.keys(bound.pack.signals)).toEqual(['down']);
    expect(bound.pack.runbooks[0]?.symptoms).toEqual(['down']);
    expect(bound.identities).toEqual({});
  });

  it('that only an exporter knows has no check', () => {
    const bound = made(as('database', { is: { instance: 'db:9187' } }));
    expect(Object.keys(bound.pack.signals)).toEqual(['exported']);
  });
});
