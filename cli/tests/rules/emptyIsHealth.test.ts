import { expect, it } from 'vitest';

import { problemsOf } from './lintQuery';

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
