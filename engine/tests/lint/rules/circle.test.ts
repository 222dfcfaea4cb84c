import { expect, it } from 'vitest';

import { lintRule } from './lintRule';

const found = (it: string, also: string) =>
  lintRule('circle', {
    signals: `it: { title: It, prometheus: x, test: { above: 0 }, requires: [${it}] }
also: { title: Also, prometheus: y, test: { above: 0 }, requires: [${also}] }
`,
  });

it('refuses signals that require themselves, be it through others', () => {
  expect(found('it', '')).toEqual([
    expect.stringMatching(/^p\/signals\/s\.yaml:1:\d+: error: `it` requires itself, through it/),
  ]);
  expect(found('also', 'it')).toHaveLength(2);
});

it('leaves one direction alone', () => {
  expect(found('also', '')).toEqual([]);
});
