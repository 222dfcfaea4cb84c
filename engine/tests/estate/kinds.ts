/** Small kinds for tests: two dialects of a service, a process with the same labels, a workload, and a database with targets. */
import type { Kind, Reading } from '../../src/index';
import { cause, evidence, NOW, pack, runbook, signal } from '../makePack';

function kind(
  id: string,
  labels: readonly string[],
  name: string,
  metrics: Readonly<Record<string, string>>,
  more: Partial<Kind> = {}
): Kind {
  const scope = `${id.replaceAll('-', '_')}_scope`;
  const own = {
    ...signal(`${id}-bad`, {
      query: { source: 'prometheus', expr: `sum by ({{${scope} | labels}}) (bad{ {{${scope}}} })` },
    }),
    effect: 'errors' as const,
  };
  return {
    id,
    title: `Kind ${id}`,
    pack: pack([runbook('bad', [own.id], [cause('broken', [evidence(own.id, 'strong')])])], [own], {
      [scope]: { title: 'Series', kind: 'selector', required: true, identity: [...labels, 'namespace'] },
      ...(more.target === undefined
        ? {}
        : { [more.target.param]: { title: 'Target', kind: 'value', required: false } }),
    }),
    identity: { scope, labels, optional: ['namespace'], params: {} },
    dialects: Object.fromEntries(
      Object.entries(metrics).map(([dialect, metric]) => [
        dialect,
        { title: `Dialect ${dialect}`, discover: `count by ({{by}}) (${metric})`, name, set: {} },
      ])
    ),
    signals: [own.id],
    ...more,
  };
}

export const SERVICE = kind('http-service', ['job'], '{{job}}', {
  golang: 'http_requests_total',
  otel: 'http_server_count',
});
export const PROCESS = kind('process', ['job'], '{{job}}', { process: 'process_cpu_seconds_total' });
export const WORKLOAD = kind('workload', ['deployment'], '{{namespace}}/{{deployment}}', {
  ksm: 'kube_deployment_labels',
});
export const POSTGRES = kind(
  'postgres',
  ['server'],
  '{{server}}',
  { exporter: 'pg_up' },
  {
    target: { kind: 'postgres', param: 'postgres' },
  }
);
export const KINDS = [SERVICE, PROCESS, WORKLOAD, POSTGRES] as const;

/** The answer to a discovery query: one series for each. */
export function series(...all: ReadonlyArray<Readonly<Record<string, string>>>): Reading {
  return { kind: 'samples', samples: all.map((labels) => ({ value: 1, labels })), askedAt: NOW, tookMs: 1 };
}
