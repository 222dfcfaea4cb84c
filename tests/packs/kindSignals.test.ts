/**
 * What one query reads of two components at once, as Prometheus itself evaluates it (promtool): each its own, as if it had been asked
 * alone. `kind-signals/<theme>.yaml` holds the cases; the components are `a` and `b`, one with a namespace and one without.
 */
import { join } from 'node:path';

import { instantiate, plan } from '@live-runbooks/engine';
import { describe } from 'vitest';

import { SHIPPED_KINDS } from './shippedPacks';
import { testSignalCases } from './signalCases';

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
};

/** The query of `<kind>/<signal>` for both components; there is one. */
function queryOf(key: string): string {
  const [kind = '', signal = ''] = key.split('/');
  const { is } = COMPONENTS[kind] ?? { is: [] };
  const values = { build_info: 'build_info', api_cpu_cores: '1' };
  const bounds = is.map((labels, index) => {
    const own = (id: string) => ({ kind: id, dialect: COMPONENTS[id]?.dialect ?? '', is: labels, with: values });
    // A service is a process as well: what changed is a signal of the one that the other one needs.
    const kinds = kind === 'http-service' ? [own(kind), own('process')] : [own(kind)];
    return instantiate({ id: `c${index}`, title: '', origin: 'discovered', adopted: false, kinds }, SHIPPED_KINDS);
  });
  const [query, another] = plan(bounds, { signals: [signal] }).queries;
  if (query?.source !== 'prometheus' || another !== undefined || query.signals.length !== is.length) {
    throw new Error(`${key} is not asked once for both`);
  }
  return query.expr;
}

describe('one query for two components reads', () =>
  testSignalCases(join(import.meta.dirname, 'kind-signals'), queryOf));
