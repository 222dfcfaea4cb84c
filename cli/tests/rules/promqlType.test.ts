import { expect, it } from 'vitest';

import { lintProm } from './lintProm';

const problemsOf = (expr: string) => lintProm('promql-type', expr);

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
  const found = problemsOf(expr);
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
  expect(problemsOf(expr)).toEqual([]);
});
