/** The kinds of `runbooks/`: a component needs its identity and nothing else, and many of them cost little more than one. */
import {
  diagnose,
  discoveryQueries,
  instantiate,
  plan,
  type BoundPack,
  type Component,
  type ComponentKind,
  type Kind,
  type PackTest,
} from '@live-runbooks/engine';
import { runTest } from '@live-runbooks/engine/authoring';
import { describe, expect, it } from 'vitest';

import { parsePromql } from '../../cli/src/promql';
import { SHIPPED_KINDS } from './shippedPacks';

const kinds = [...SHIPPED_KINDS.values()];
const everyDialect = kinds.flatMap((kind) => Object.keys(kind.dialects).map((dialect) => ({ kind, dialect })));
const named = everyDialect.map(({ kind, dialect }) => ({ name: `${kind.id} (${dialect})`, kind, dialect }));

/** What discovery finds of a component: its labels. */
function found(kind: Kind, dialect: string, index = 0): ComponentKind {
  const { labels, optional } = kind.dialects[dialect]?.identity ?? kind.identity;
  return {
    kind: kind.id,
    dialect,
    is: Object.fromEntries([...labels, ...optional].map((label) => [label, `${label}-${index}`])),
    with: {},
  };
}

function made(id: string, ...as: readonly ComponentKind[]): BoundPack {
  const component: Component = { id, title: id, origin: 'discovered', adopted: false, kinds: as };
  return instantiate(component, SHIPPED_KINDS);
}

/** Values for the parameters that have none, so that every signal of the kind can be asked; as they are the same for all of a kind. */
function valuesFor({ pack, identity }: Kind): Record<string, string> {
  const targets = kinds.map((kind) => kind.target?.param);
  const known = [identity.scope, ...Object.keys(identity.params), ...targets];
  const open = Object.entries(pack.params).filter(
    ([name, param]) => param.default === undefined && !known.includes(name)
  );
  return Object.fromEntries(
    open.flatMap(([name, { kind }]) =>
      kind === 'metric'
        ? [[name, `some_${name}`]]
        : kind === 'number'
          ? [[name, '1']]
          : kind === 'value'
            ? [[name, 'some']]
            : []
    )
  );
}

const ofKind = (id: string): Kind => SHIPPED_KINDS.get(id) ?? expect.fail(`no kind ${id}`);
const firstDialect = (kind: Kind): string => Object.keys(kind.dialects)[0] ?? '';
const queriesOf = (bounds: readonly BoundPack[]) => plan(bounds).queries;

describe('a component of which only the labels are known', () => {
  it.each(named)('has runbooks that say whether it is in trouble: $name', ({ kind, dialect }) => {
    const { pack } = made('one', found(kind, dialect));
    const runbooks = pack.runbooks.map(({ id, symptoms }) => [id, symptoms.length > 0]);
    expect(runbooks).toContainEqual([expect.stringMatching(`^${kind.id}-`), true]);
    expect(runbooks.filter(([, hasSymptom]) => hasSymptom !== true)).toEqual([]);
    for (const id of pack.runbooks.flatMap(({ symptoms }) => symptoms)) {
      expect(pack.signals[id]?.effect, `${id} shows trouble and does not say what it looks like`).toBeDefined();
    }
  });

  it.each(named)('is asked only what can be asked: $name', ({ kind, dialect }) => {
    const { queries, unplanned } = plan([made('one', found(kind, dialect))]);
    expect(unplanned).toEqual([]);
    expect(queries.length).toBeGreaterThan(0);
    for (const { expr } of queries) {
      expect(expr).not.toContain('{{');
      expect(parsePromql(expr), expr).toBeUndefined();
    }
  });

  it.each(named)('costs as many queries as a hundred of them: $name', ({ kind, dialect }) => {
    const many = Array.from({ length: 200 }, (_, index) => made(`c${index}`, found(kind, dialect, index)));
    const one = queriesOf([made('one', found(kind, dialect))]);
    const all = queriesOf(many);
    expect(all.length).toBe(2 * one.length);
    all.forEach(({ expr }) => expect(parsePromql(expr), expr).toBeUndefined());
  });

  it('is told apart from others of its kind by every query', () => {
    for (const { kind, dialect } of named) {
      const { labels } = kind.dialects[dialect]?.identity ?? kind.identity;
      for (const { expr } of queriesOf([made('one', found(kind, dialect)), made('two', found(kind, dialect, 1))])) {
        labels.forEach((label) => expect(expr).toMatch(new RegExp(`by \\([^)]*\\b${label}\\b`)));
      }
    }
  });
});

describe('many components', () => {
  /** A service of all kinds that a service may be, with everything that may be known of it. */
  const service = (index: number, more: Readonly<Record<string, string>> = {}): BoundPack =>
    made(
      `c${index}`,
      ...['http-service', 'process', 'sql-pool', 'workload'].map((id) => {
        const kind = ofKind(id);
        return { ...found(kind, firstDialect(kind), index), with: { ...valuesFor(kind), ...more } };
      })
    );

  it('are asked together: no signal is asked of each alone', () => {
    const alone = queriesOf([0, 1].map((index) => service(index, { postgres_exporter: 'job="db"' }))).filter(
      ({ signals }) => signals.length < 2
    );
    expect(alone.flatMap(({ signals }) => signals)).toEqual([]);
  });

  it('cost as many requests as one, and as many queries for each hundred', () => {
    const services = Array.from({ length: 500 }, (_, index) => service(index));
    const asked = (count: number) => {
      const planned = plan(services.slice(0, count));
      return { queries: planned.queries.length, requests: planned.requests.length };
    };
    const { queries, requests } = asked(1);
    expect(asked(10)).toEqual({ queries, requests });
    expect(asked(100)).toEqual({ queries, requests });
    expect(asked(101)).toEqual({ queries: 2 * queries, requests });
    expect(asked(500)).toEqual({ queries: 5 * queries, requests });
  });
});

describe('the queries that find components', () => {
  it('are PromQL, and look back a day: what is down now is found all the same', () => {
    for (const { expr, id } of discoveryQueries(kinds).filter((query) => !query.id.includes('.calls.'))) {
      expect(parsePromql(expr), id).toBeUndefined();
      expect(expr, id).toContain('[1d]');
    }
  });
});

describe('a component that is several kinds', () => {
  const service = (...ids: readonly string[]) =>
    made(
      'shop',
      ...ids.map((id) => {
        const kind = ofKind(id);
        const values: Record<string, string> = id === 'http-service' ? { build_info: 'shop_build_info' } : {};
        return { ...found(kind, firstDialect(kind)), with: values };
      })
    );
  const causesOf = ({ pack }: BoundPack, runbook: string) =>
    pack.runbooks.find(({ id }) => id === runbook)?.causes.map(({ id }) => id);

  it('has causes of all of them in one runbook, and of none that it is not', () => {
    expect(causesOf(service('http-service'), 'http-service-errors')).toEqual(['traffic-surge']);
    expect(causesOf(service('http-service', 'process'), 'http-service-errors')).toEqual([
      'bad-deploy',
      'traffic-surge',
      'process-starved',
    ]);
    expect(causesOf(service('http-service', 'process', 'workload'), 'http-service-errors')).toEqual([
      'bad-deploy',
      'traffic-surge',
      'process-starved',
      'resource-exhaustion',
      'crash-loop',
    ]);
  });
});

describe('a server that only its exporter sees', () => {
  const situations: ReadonlyArray<
    Pick<PackTest, 'given' | 'expect'> & { kind: string; runbook: string; name: string }
  > = [
    {
      kind: 'postgres',
      runbook: 'unavailable',
      name: 'the exporter reaches nothing, and may be cut off itself',
      given: {
        'pg-exporter-outage': { state: 'present', value: 0 },
        'pg-exporter-down': { state: 'present', value: 0 },
      },
      expect: { top: 'postgres-down', verdict: 'possible', says: 'pg_up = 0' },
    },
    {
      kind: 'postgres',
      runbook: 'connections',
      name: 'nearly all slots are taken',
      given: { 'pg-exporter-slots': { state: 'present', value: 0.98 } },
      expect: { top: 'max-connections', verdict: 'likely', says: '98 %' },
    },
    {
      kind: 'postgres',
      runbook: 'locks',
      name: 'a transaction is idle, and whom it blocks is not to be seen',
      given: { 'pg-exporter-idle-transaction': { state: 'present', value: 700 } },
      expect: { top: 'idle-in-transaction', verdict: 'possible' },
    },
    {
      kind: 'postgres',
      runbook: 'locks',
      name: 'transactions deadlock',
      given: { 'pg-exporter-deadlocks': { state: 'present', value: 8 } },
      expect: { top: 'deadlocks', verdict: 'likely', says: '8 a minute' },
    },
    {
      kind: 'postgres',
      runbook: 'slow-queries',
      name: 'a transaction has been at work for an hour',
      given: { 'pg-exporter-long-transaction': { state: 'present', value: 3700 } },
      expect: { top: 'long-running-query', verdict: 'possible', says: '1 h' },
    },
    {
      kind: 'redis',
      runbook: 'unavailable',
      name: 'clients are rejected',
      given: {
        'redis-exporter-clients': { state: 'present', value: 1 },
        'redis-exporter-rejecting': { state: 'present', value: 3 },
      },
      expect: { top: 'redis-max-clients', verdict: 'likely', says: '100 %' },
    },
    {
      kind: 'redis',
      runbook: 'memory',
      name: 'the memory is full and nothing is evicted',
      given: { 'redis-exporter-memory': { state: 'present', value: 0.99 } },
      expect: { top: 'redis-out-of-memory', verdict: 'possible', says: '99 %' },
    },
    {
      kind: 'redis',
      runbook: 'slow',
      name: 'commands take nearly all of its time',
      given: {
        'redis-exporter-busy': { state: 'present', value: 0.96 },
        'redis-exporter-slow-commands': { state: 'present', value: 40 },
      },
      expect: { top: 'redis-busy-command', verdict: 'likely', says: '96 %' },
    },
  ];

  it.each(situations)('$kind, $runbook: $name', ({ kind, runbook, name, given, expect: wanted }) => {
    const { pack } = made('server', found(ofKind(kind), 'exporter'));
    const own = pack.runbooks.find(({ id }) => id === `${kind}-${runbook}`) ?? expect.fail('no such runbook');
    const { failures, diagnosis } = runTest(pack, own, { name, given, rest: 'absent', expect: wanted }, 0);
    expect(failures, JSON.stringify(diagnosis.causes.map(({ id, verdict, score }) => [id, verdict, score]))).toEqual(
      []
    );
  });

  it('is not blind because nobody checks it: what cannot be asked there is left out', () => {
    const bound = made('server', found(ofKind('postgres'), 'exporter'));
    const diagnosis = diagnose(bound, 'postgres-unavailable', new Map(), 0);
    expect(diagnosis.symptoms.map(({ signal }) => signal)).toEqual(['pg-exporter-outage']);
    expect(queriesOf([bound]).filter(({ source }) => source !== 'prometheus')).toEqual([]);
  });

  it('is checked as well where it is a target of the diagnostics service', () => {
    const kind = ofKind('postgres');
    const bound = made('server', { ...found(kind, 'exporter'), with: { postgres: 'main' } });
    expect(queriesOf([bound]).some(({ source, target }) => source === 'diagnostics' && target === 'main')).toBe(true);
    expect(bound.pack.runbooks.find(({ id }) => id === 'postgres-unavailable')?.symptoms).toEqual([
      'pg-down',
      'pg-exporter-outage',
    ]);
  });
});
