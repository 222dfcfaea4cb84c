/** What Prometheus refuses for its type is refused here, in the words of the fault; what it answers is left alone. */
import { formatProblem, lintPacks, loadPack } from '@live-runbooks/engine/authoring';
import { describe, expect, it } from 'vitest';

import { lintTools } from '../src/lintTools';

function problemsOf(rule: string, prometheus: string, test = '{ above: 1 }', says = 'C'): string[] {
  const loaded = loadPack(
    {
      'p/pack.yaml': 'id: p\ntitle: P\ndescription: D\n',
      'p/signals/s.yaml': `it:\n  title: It\n  test: ${test}\n  prometheus: >-\n    ${prometheus}\n`,
      'p/r.yaml': `id: r
title: R
summary: S
area: a
service: s
severity: warning
symptoms: [it]
causes:
  c: { title: C, says: "${says}", evidence: [{ signal: it, present: strong }], fixes: [] }
`,
    },
    'p'
  );
  if (!loaded.ok) {
    throw new Error(loaded.problems.map(formatProblem).join('\n'));
  }
  return lintPacks([loaded], lintTools)
    .filter((problem) => problem.rule === rule)
    .map(formatProblem);
}

describe('promql-type', () => {
  it.each([
    ['rate(x)', '`rate` takes a range vector here, and `x` is an instant vector: add a window, `rate(x[5m])`'],
    ['max_over_time(sum(x))', 'of an expression with a step, `[5m:]`'],
    ['abs(x[5m])', '`abs` takes an instant vector here, and `x[5m]` is a range vector: put a function such as `rate`'],
    ['sum(x[5m])', '`sum` takes an instant vector here'],
    ['sum(1)', '`1` is a scalar'],
    ['topk(x, y)', '`topk` takes a scalar here'],
    ['clamp_min(x)', '`clamp_min` takes 2 arguments'],
    ['histogram_quantile(x, 0.9)', '`histogram_quantile` takes a scalar here'],
    ['x[5m] / y', '`/` takes numbers and instant vectors'],
    ['x or 0', '`0` is a scalar: write `vector(…)`'],
    ['1 > 2', 'needs `bool`'],
    ['x[5m]', 'the whole is a range vector'],
    ['scalar(rate(x))', '`rate` takes a range vector'],
  ])('refuses %s', (expr, says) => {
    const found = problemsOf('promql-type', expr);
    expect(found).toEqual([expect.stringMatching(/^p\/signals\/s\.yaml:4:\d+: error: /)]);
    expect(found.join()).toContain(says);
  });

  it.each([
    'rate(x[5m] offset 1h) * 60',
    'max_over_time(sum(x)[5m:15s])',
    'quantile by (a) (0.5, x) > bool 1',
    'predict_linear(x[1h], 4 * 3600) < 0',
    'label_replace(x, "a", "$1", "b", "(.*)")',
    'round(x, 0.1) or vector(0)',
    'time() - x @ start()',
    'clamp(x, 0, scalar(max(y)))',
    '-x and hour() > 8',
    'count_values("version", x)',
    'quantile_over_time(0.9, x[5m])',
    'absent(up{job="a"})',
  ])('leaves alone %s', (expr) => {
    expect(problemsOf('promql-type', expr)).toEqual([]);
  });
});

describe('unknown-column', () => {
  const named = (expr: string, column: string) =>
    problemsOf('unknown-column', expr, '{ above: 1 }', `{{it.${column}}}`);

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
});

describe('impossible-threshold', () => {
  it.each([
    ['sum(rate(x[5m]))', '{ above: -0.5 }'],
    ['sum(rate(x[5m])) / (sum(rate(y[5m])) >= 1)', '{ below: 0 }'],
    ['count(x)', '{ below: 0 }'],
  ])('refuses %s with %s', (expr, test) => {
    expect(problemsOf('impossible-threshold', expr, test)).toHaveLength(1);
  });
  it.each([
    ['sum(rate(x[5m]))', '{ above: 0 }'],
    ['sum(deriv(x[5m]))', '{ below: 0 }'],
    ['sum(rate(x[5m])) - sum(rate(y[5m]))', '{ above: -1 }'],
    ['x', '{ below: -1 }'],
  ])('leaves alone %s with %s', (expr, test) => {
    expect(problemsOf('impossible-threshold', expr, test)).toEqual([]);
  });
});
