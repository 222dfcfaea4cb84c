import { expect, it } from 'vitest';

import { lintProm } from './lintProm';

const named = (expr: string, column: string) => lintProm('unknown-column', expr, { says: `{{it.${column}}}` });

it.each([
  'sum by (route) (rate(x[5m]))',
  'sum(rate(x[5m]))',
  'max by (pod) (x) / on (pod) group_left (route) sum by (pod) (y)',
  'max by (pod) (x) or sum by (pod, route) (y)',
  'histogram_quantile(0.9, sum by (le, pod) (rate(x_bucket[5m])))',
  'x * on (pod) y',
])('refuses a sentence with a label that the query drops: %s', (expr) => {
  expect(named(expr, 'job').join()).toContain('the column `job` does not exist');
});

it.each([
  'x',
  'rate(x[5m]) > 0',
  'sum by (job) (x) / 5',
  'sum without (pod) (x)',
  'topk(3, x)',
  'x / on (pod) group_left () y',
  'label_replace(sum(x), "job", "a", "", "")',
  'max by (pod, job) (x) and on (pod) sum by (pod) (y)',
])('leaves one alone that may be there: %s', (expr) => {
  expect(named(expr, 'job')).toEqual([]);
});

it('knows the value that every row has', () => {
  expect(named('sum(x)', 'value')).toEqual([]);
});
