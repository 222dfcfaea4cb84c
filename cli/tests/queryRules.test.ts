/**
 * The rules about queries, each by what it refuses and what it leaves alone. The bad examples are those that were found in
 * shipped packs, and what is usual elsewhere.
 */
import { formatProblem, lintPacks, loadPack, type PackFiles } from '@live-runbooks/engine/authoring';
import { stringify } from 'yaml';
import { describe, expect, it } from 'vitest';

import { parseLogql } from '../src/logql';
import { parsePromql } from '../src/promql';
import { promqlTree } from '../src/promqlTree';

const PACK = `id: p
title: P
description: D
params:
  window: { title: Window, kind: duration, default: 5m }
  scrape: { title: Scrape interval, kind: duration, default: 15s }
  api: { title: API, kind: selector, default: 'job="api"' }
  namespace: { title: Namespace, kind: value, default: shop }
  deployment: { title: Deployment, kind: value, default: shop-api }
  queue_depth: { title: Queue, kind: metric, thing: queue, default: queue_length }
signals: []
`;
const RUNBOOK = `id: r
title: R
summary: S
area: a
service: s
severity: warning
symptoms: [it]
causes:
  c: { title: C, says: C, evidence: [{ signal: it, present: strong }], fixes: [] }
`;
const RULES = [
  'gone-series',
  'summed-replicas',
  'no-namespace',
  'pod-matcher',
  'empty-is-health',
  'unguarded-ratio',
  'quantile-without-le',
  'short-window',
];

/** The problems that rules about queries find in a signal, as a person reads them. */
function problemsOf(signal: Readonly<Record<string, unknown>>): string[] {
  const files: PackFiles = {
    'p/pack.yaml': PACK,
    'p/signals/s.yaml': stringify({ it: { title: 'It', test: { above: 0 }, ...signal } }, { lineWidth: 0 }),
    'p/r.yaml': RUNBOOK,
  };
  const loaded = loadPack(files, 'p');
  if (!loaded.ok) {
    throw new Error(loaded.problems.map(formatProblem).join('\n'));
  }
  return lintPacks([loaded], { parsePromql, parseLogql, readPromql: promqlTree })
    .filter(({ rule }) => RULES.includes(rule) || rule === 'promql' || rule === 'logql')
    .map(formatProblem);
}

const selected = '{namespace="{{namespace}}", pod=~"{{deployment | pods}}"}';

const EXAMPLES: Readonly<Record<string, { readonly bad: readonly string[]; readonly good: readonly string[] }>> = {
  'gone-series': {
    bad: [
      'sum by (job) (avg_over_time(in_use{ {{api}} }[{{window}}])) / sum by (job) (max_open{ {{api}} } > 0)',
      'max(avg_over_time(in_use{ {{api}} }[{{window}}])) / max(max_open{ {{api}} })',
      'sum(max_over_time(active[{{window}}]))',
      'avg((min_over_time(active[{{window}}] offset 1h)))',
    ],
    good: [
      'max by (job) (avg_over_time(in_use{ {{api}} }[{{window}}]) / (max_open{ {{api}} } > 0))',
      'sum(avg_over_time(active[{{window}}]) and active) / (sum(places) > 0)',
      'max by (version) (max_over_time(build_info[30m]))',
      'avg_over_time(sum(active)[{{window}}:{{scrape}}])',
      'sum by (version) (count_over_time(build_info[30m])) / on () group_left () sum(count_over_time(build_info[30m]))',
    ],
  },
  'summed-replicas': {
    bad: [
      'sum({{queue_depth}}{ {{api}} })',
      'sum(deriv({{queue_depth}}{ {{api}} }[{{window}}]))',
      'sum by (queue) ({{queue_depth}})',
      'sum(kube_deployment_spec_replicas{namespace="{{namespace}}"})',
      'sum by (datname) (rate(pg_stat_database_deadlocks[{{window}}]))',
    ],
    good: [
      'sum(max by (queue) ({{queue_depth}}{ {{api}} }))',
      'sum(deriv(max by (queue) ({{queue_depth}})[{{window}}:{{scrape}}]))',
      'max(kube_deployment_spec_replicas{namespace="{{namespace}}"})',
      'sum by (instance) (pg_stat_activity_count)',
      'max by (datname) (rate(pg_stat_database_deadlocks[{{window}}]))',
      'sum(go_sql_in_use_connections)',
    ],
  },
  'no-namespace': {
    bad: [
      'max(kube_deployment_spec_replicas{deployment="{{deployment}}"})',
      `max(container_memory_working_set_bytes{pod=~"{{deployment | pods}}"})`,
      'max(kube_pod_info{namespace!="dev"})',
      'max(kube_pod_info{namespace=""})',
    ],
    good: [
      'max(kube_deployment_spec_replicas{namespace="{{namespace}}", deployment="{{deployment}}"})',
      'max(kube_pod_info{namespace=~"shop|shop-jobs"})',
      'max(kube_node_status_condition)',
      'max(up{ {{api}} })',
    ],
  },
  'pod-matcher': {
    bad: [
      'max(container_memory_working_set_bytes{namespace="{{namespace}}", pod=~"{{deployment | regex}}.*"})',
      'max(container_memory_working_set_bytes{namespace="{{namespace}}", pod=~".*{{deployment | regex}}-[a-z0-9]+-[a-z0-9]{5}"})',
      'max(container_memory_working_set_bytes{namespace="{{namespace}}", pod=~".+"})',
    ],
    good: [
      `max(container_memory_working_set_bytes${selected})`,
      'max(container_memory_working_set_bytes{namespace="{{namespace}}", pod="shop-api-0"})',
    ],
  },
  'unguarded-ratio': {
    bad: [
      'sum(rate(errors_total[{{window}}])) / sum(rate(requests_total[{{window}}]))',
      '100 * (sum(rate(errors_total[{{window}}])) / (sum(rate(requests_total[{{window}}]))))',
      'rate(seconds_sum[{{window}}]) / rate(seconds_count[{{window}}])',
      'a and on () (sum(rate(b[{{window}}])) / sum(rate(c[{{window}}])) >= bool 2)',
    ],
    good: [
      'sum(rate(errors_total[{{window}}])) / (sum(rate(requests_total[{{window}}])) >= 0.2)',
      'sum(rate(errors_total[{{window}}])) / clamp_min(sum(rate(requests_total[{{window}}])), 0.2)',
      'sum(rate(errors_total[{{window}}])) / sum(rate(requests_total[{{window}}])) and on () (sum(rate(requests_total[{{window}}])) >= 0.2 or sum(increase(errors_total[{{window}}])) >= 5)',
      'sum(used) / sum(limit)',
    ],
  },
  'quantile-without-le': {
    bad: [
      'histogram_quantile(0.95, rate(seconds_bucket[{{window}}]))',
      'histogram_quantile(0.95, sum by (job) (rate(seconds_bucket[{{window}}])))',
      'histogram_quantile(0.95, sum without (le) (rate(seconds_bucket[{{window}}])))',
      'histogram_quantile(0.95, sum(rate(seconds_bucket[{{window}}])))',
    ],
    good: [
      'histogram_quantile(0.95, sum by (job, le) (rate(seconds_bucket[{{window}}])))',
      'histogram_quantile(0.95, sum without (instance) (rate(seconds_bucket[{{window}}])))',
    ],
  },
  'short-window': {
    bad: [
      'rate(requests_total[10s])',
      'rate(requests_total[59999ms])',
      'max_over_time(up[30s])',
      'deriv(max(depth)[45s:{{scrape}}])',
      'max_over_time(sum(rate(requests_total[30s]))[5m:15s])',
      'sum(rate(failed[{{window}}])) / (sum(rate(requests_total[30s] offset 1h)) > 1)',
    ],
    good: [
      'rate(requests_total[{{window}}])',
      'rate(requests_total[{{window | quarter}}])',
      'rate(requests_total[1m])',
      'rate(requests_total[60000ms] offset 10s)',
      'rate(requests_total[1m30s])',
      'max_over_time(up[5m:30s])',
    ],
  },
};

describe.each(Object.entries(EXAMPLES))('%s', (rule, { bad, good }) => {
  it.each(bad)('refuses %s', (prometheus) => {
    const found = problemsOf({ prometheus });
    expect(found.join('\n')).toMatch(new RegExp(`^p/signals/s\\.yaml:\\d+:\\d+: error: .*\\[${rule}\\]$`, 'm'));
  });
  it.each(good)('leaves alone %s', (prometheus) => expect(problemsOf({ prometheus })).toEqual([]));
});

describe('empty-is-health', () => {
  it.each([
    { loki: 'sum(count_over_time({app="shop"} |= "panic" [{{window}}]))', empty: 'absent' },
    {
      prometheus: 'sum(rate(errors_total[{{window}}])) / (sum(rate(requests_total[{{window}}])) > 1)',
      empty: 'absent',
    },
  ])('refuses %j', (signal) =>
    expect(problemsOf(signal).join('\n')).toMatch(/^p\/signals\/s\.yaml:\d+:\d+: error: .*\[empty-is-health\]$/m)
  );
  it.each([
    {
      loki: 'sum(count_over_time({app="shop"} |= "panic" [{{window}}])) or 0 * sum(count_over_time({app="shop"}[{{window}}]))',
    },
    { prometheus: 'absent(up{ {{api}} })', empty: 'absent' },
    { prometheus: 'sum(up{ {{api}} })', empty: 'present' },
  ])('leaves alone %j', (signal) => expect(problemsOf(signal)).toEqual([]));
});

it('points at the query, and says what is wrong, why, and how it is mended', () => {
  expect(problemsOf({ prometheus: 'sum({{queue_depth}})' })).toEqual([
    'p/signals/s.yaml:5:15: error: `sum` adds up what several replicas report of one thing (`queue_length`): take the largest report of each first, `sum(max by (queue) (…))` [summed-replicas]',
  ]);
});

describe('unmarked-view', () => {
  const ratio = (selector: string, by = '') =>
    `sum${by} (rate(http_requests_total{ {{api}}, status=~"5.."${selector} }[{{window}}]))`;

  /** What the rule says of the evidence `part` beside a symptom that counts failed requests. */
  function viewsIn(part: Readonly<Record<string, unknown>>, speaks: Readonly<Record<string, string>>): string[] {
    const files: PackFiles = {
      'p/pack.yaml': PACK,
      'p/signals/s.yaml': stringify(
        {
          it: { title: 'It', test: { above: 1 }, prometheus: ratio('') },
          part: { title: 'Part', test: { above: 1 }, ...part },
        },
        { lineWidth: 0 }
      ),
      'p/r.yaml': RUNBOOK.replace(
        '[{ signal: it, present: strong }]',
        `[{ signal: it, present: strong }, ${JSON.stringify({ signal: 'part', ...speaks })}]`
      ),
    };
    const loaded = loadPack(files, 'p');
    if (!loaded.ok) {
      throw new Error(loaded.problems.map(formatProblem).join('\n'));
    }
    return lintPacks([loaded], { parsePromql, parseLogql, readPromql: promqlTree })
      .filter(({ rule }) => rule === 'unmarked-view')
      .map(({ message }) => message);
  }

  const present = { present: 'moderate' };
  it.each([
    ['broken down by a label', { prometheus: ratio('', ' by (path)') }],
    ['of one route', { prometheus: ratio(', path="/pay"') }],
  ])('refuses evidence that is the symptom %s', (_, part) => {
    expect(viewsIn(part, present)).toEqual([expect.stringMatching(/mark it `viewOf: it`/)]);
  });

  it.each([
    ['is marked', { prometheus: ratio('', ' by (path)'), viewOf: 'it' }, present],
    ['speaks against the cause', { prometheus: ratio('', ' by (path)') }, { present: '-moderate' }],
    ['speaks by its absence', { prometheus: ratio('', ' by (path)') }, { absent: 'moderate' }],
    ['asks in the other direction', { prometheus: ratio('', ' by (path)'), test: { below: 1 } }, present],
    ['asks another metric', { prometheus: 'sum by (path) (rate(panics_total{ {{api}} }[{{window}}]))' }, present],
    ['sets it against another metric', { prometheus: `${ratio('', ' by (path)')} / (queue_length > 0)` }, present],
    ['asks the same of another time', { prometheus: ratio('').replace(']', '] offset 1h') }, present],
  ] as const)('leaves evidence alone that %s', (_, part, speaks) => {
    expect(viewsIn(part, speaks)).toEqual([]);
  });
});
