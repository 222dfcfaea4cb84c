import { expect, it } from 'vitest';

import { lintRule } from './lintRule';

const found = (it: string, other = '') =>
  lintRule('trouble', {
    signals: `it: { title: It, prometheus: x, ${it} }
other: { title: Other, prometheus: y, test: { above: 0 }${other} }
`,
  });

it('refuses trouble of which no runbook could say where to look', () => {
  expect(found('test: { above: 0 }', ', trouble: true')).toEqual([
    expect.stringMatching(/^p\/signals\/s\.yaml:2:\d+: error: `other` is called trouble, and no runbook has it/),
  ]);
  expect(found('test: { above: 0 }, trouble: true')).toEqual([]);
});

it('refuses to deny what nobody would claim', () => {
  expect(found('test: { above: 0 }, trouble: false').join()).toContain('`trouble: false` says nothing here');
  expect(found('test: { above: 0, critical: 5 }, trouble: false')).toEqual([]);
});
