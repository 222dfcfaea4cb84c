import { expect, it } from 'vitest';

import { lintRule } from './lintRule';

const loki = (expr: string) =>
  lintRule('log-lines', { signals: `it: { title: It, loki: '${expr}', test: { above: 0 } }\n` });

it.each(['{app="shop"} |= "panic"', '({app="shop"})'])('refuses %s', (expr) => {
  expect(loki(expr)).toEqual([expect.stringMatching(/^p\/signals\/s\.yaml:1:24: error: .*count them/)]);
});

it('leaves a count alone', () => {
  expect(loki('sum(count_over_time({app="shop"}[5m])) or vector(0)')).toEqual([]);
});
