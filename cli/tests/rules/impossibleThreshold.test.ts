import { expect, it } from 'vitest';

import { lintProm } from './lintProm';

it.each([
  ['sum(rate(x[5m]))', '{ above: -0.5 }'],
  ['sum(rate(x[5m])) / (sum(rate(y[5m])) >= 1)', '{ below: 0 }'],
  ['count(x)', '{ below: 0 }'],
])('refuses %s with %s', (expr, test) => {
  expect(lintProm('impossible-threshold', expr, { test })).toHaveLength(1);
});
it.each([
  ['sum(rate(x[5m]))', '{ above: 0 }'],
  ['sum(deriv(x[5m]))', '{ below: 0 }'],
  ['sum(rate(x[5m])) - sum(rate(y[5m]))', '{ above: -1 }'],
  ['x', '{ below: -1 }'],
])('leaves alone %s with %s', (expr, test) => {
  expect(lintProm('impossible-threshold', expr, { test })).toEqual([]);
});
