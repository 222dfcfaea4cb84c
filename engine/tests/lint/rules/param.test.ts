import { expect, it } from 'vitest';

import { lintRule } from './lintRule';

const found = (param: string) =>
  lintRule('param', {
    signals: 'it: { title: It, prometheus: x, test: { above: 0 } }\n',
    pack: `  mine: { title: Mine, ${param} }\n`,
  });

it.each([
  ['kind: duration, default: 5 minutes', 'the default of `mine` is not'],
  ['kind: number, default: many', 'the default of `mine` is not'],
  ["kind: value, pattern: '[a-z]+', default: A1", 'the default of `mine` is not'],
  ["kind: selector, default: 'a=\"{{window}}'", 'the default of `mine` is not'],
  ["kind: value, pattern: '(['", 'the pattern of `mine` is no regular expression'],
])('refuses { %s }', (param, says) => {
  expect(found(param)).toEqual([expect.stringMatching(/^p\/pack\.yaml:7:\d+: error: /)]);
  expect(found(param).join()).toContain(says);
});

it.each([
  'kind: duration, default: 5m',
  'kind: value',
  `kind: selector, default: 'a="{{window}}"'`,
  "kind: value, pattern: '[a-z]+', default: shop",
])('leaves alone { %s }', (param) => {
  expect(found(param)).toEqual([]);
});
