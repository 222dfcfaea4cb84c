/**
 * What one query reads of two components at once, as Prometheus itself evaluates it (promtool): each its own, as if it had been asked
 * alone. `kind-signals/<theme>.yaml` holds the cases; the components are `a` and `b`, one with a namespace and one without.
 */
import { join } from 'node:path';

import { instantiate, plan, type BoundPack } from '@live-runbooks/engine';
import { describe } from 'vitest';

import { SHIPPED_KINDS } from './shippedPacks';
import { testSignalCases, type SignalQuery } from './signalCases';

const SERVERS = [
  { job: 'db', instance: 'a:1' },
  { job: 'db', instance: 'b:1' },
];
/** By kind: the dialect, and the labels of both components. */
const COMPONENTS: Readonly<Record<string, { dialect: string; is: ReadonlyArray<Readonly<Record<string, string>>> }>> = {
  'http-service': { dialect: 'client-code', is: [{ job: 'a' }, { job: 'b', namespace: 'eu' }] },
  process: { dialect: 'process', is: [{ job: 'a' }, { job: 'b', namespace: 'eu' }] },
  postgres: { dialect: 'exporter', is: SERVERS },
  redis: { dialect: 'exporter', is: SERVERS },
  workload: {
    dialect: 'kube-state-metrics',
    is: [
      { namespace: 'shop', deployment: 'a' },
      { namespace: 'eu', deployment: 'a-b' },
    ],
  },
};

/** Components that are of this kind, and of the kinds whose runbooks name signals of it. */
function boundsOf(kind: string): BoundPack[] {
  const values = { build_info: 'build_info', api_cpu_cores: '1', api_container: 'app' };
  const as = kind === 'http-service' || kind === 'workload' ? [kind, 'process'] : [kind];
  return (COMPONENTS[kind]?.is ?? []).map((_, index) => {
    const kinds = as.map((id) => {
      const { dialect = '', is = [] } = COMPONENTS[id] ?? {};
      return { kind: id, dialect, is: is[index] ?? {}, with: values };
    });
    return instantiate({ id: `c${index}`, title: '', origin: 'discovered', adopted: false, kinds }, SHIPPED_KINDS);
  });
}

/** The query of `<kind>/<signal>` for both components, of which there is one, and that of each alone. */
function queriesOf(key: string): SignalQuery[] {
  const [kind = '', signal = ''] = key.split('/');
  const bounds = boundsOf(kind);
  const { identity } = SHIPPED_KINDS.get(kind) ?? {};
  const exprOf = (asked: readonly BoundPack[]) => {
    const [query, another] = plan(asked, { signals: [signal] }).queries;
    if (query?.source !== 'prometheus' || another !== undefined || query.signals.length !== asked.length) {
      throw new Error(`${key} is not asked once for ${asked.length} components`);
    }
    return query.expr;
  };
  const own = (index: number) => (labels: Readonly<Record<string, string>>) =>
    [...(identity?.labels ?? []), ...(identity?.optional ?? [])].every(
      (label) => (labels[label] ?? '') === (COMPONENTS[kind]?.is[index]?.[label] ?? '')
    );
  return [
    { expr: exprOf(bounds), reads: () => true },
    ...bounds.map((bound, index) => ({ expr: exprOf([bound]), reads: own(index) })),
  ];
}

describe('one query for two components reads', () =>
  testSignalCases(join(import.meta.dirname, 'kind-signals'), queriesOf));
