import { formatProblem } from '@live-runbooks/engine/authoring';
import { expect, it } from 'vitest';

import { lintSignals } from './lintSignals';

function problemsOf(query: string, more = ''): string[] {
  return lintSignals(`it:\n  title: It\n  test: { above: 0 }\n${more}  ${query.replace(': ', ': >-\n    ')}\n`)
    .filter(({ rule }) => rule === 'quotient-unit')
    .map(formatProblem);
}

it.each([
  'prometheus: sum(rate(errors_total[5m])) / (sum(rate(requests_total[5m])) >= 0.2)',
  'prometheus: sum(rate(seconds_sum[5m])) / (sum(rate(seconds_count[5m])) >= 0.2)',
  'prometheus: max by (job) (avg_over_time(in_use[5m]) / (max_open > 0)) and on (job) up',
  'prometheus: 1 - clamp_max(free / size, 1)',
  'prometheus: max_over_time((a / b)[5m:15s])',
  'prometheus: vector(0) or a / b',
  'loki: sum(count_over_time({app="a"} |= "x" [5m])) / sum(count_over_time({app="a"}[5m]))',
])('refuses %s without a unit', (query) => {
  expect(problemsOf(query)).toEqual([
    expect.stringMatching(/^p\/signals\/s\.yaml:4:\d+: error: .*write `unit: percentunit` for a share/),
  ]);
});

it.each(['percentunit', 's', 'short'])('leaves it alone with `unit: %s`', (unit) => {
  expect(problemsOf('prometheus: a / b', `  unit: ${unit}\n`)).toEqual([]);
});

it.each([
  'prometheus: sum(rate(requests_total[5m])) / 60',
  'prometheus: count(a / b > 0.5)',
  'prometheus: sum(a) and on () a / b > 0.5',
  'prometheus: sum(a)',
  'loki: sum(count_over_time({app="a", path=~"/a/(b)/"} |~ ") / (" [5m]))',
])('leaves alone %s', (query) => {
  expect(problemsOf(query)).toEqual([]);
});
