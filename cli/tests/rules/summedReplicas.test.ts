import { expect, it } from 'vitest';

import { describeQueryRule, problemsOf } from './lintQuery';

describeQueryRule('summed-replicas', {
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
});

it('points at the query, and says what is wrong, why, and how it is mended', () => {
  expect(problemsOf({ prometheus: 'sum({{queue_depth}})' })).toEqual([
    'p/signals/s.yaml:5:15: error: `sum` adds up what several replicas report of one thing (`queue_length`): take the largest report of each first, `sum(max by (queue) (…))` [summed-replicas]',
  ]);
});
