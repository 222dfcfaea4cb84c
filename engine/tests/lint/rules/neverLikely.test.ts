import { expect, it } from 'vitest';

import { lintRule } from './lintRule';

const found = (evidence: string, more = '') =>
  lintRule('never-likely', {
    signals: `it: { title: It, prometheus: x, test: { above: 0 } }
also: { title: Also, prometheus: y, test: { above: 0 } }
`,
    runbook: `causes:\n  c: { title: C, says: C, evidence: [${evidence}], fixes: []${more} }\n`,
  });

it('warns of a cause whose evidence is too weak together', () => {
  expect(found('{ signal: it, present: weak }')).toEqual([
    expect.stringMatching(
      /^p\/r\.yaml:9:\d+: warning: `c` reaches \d+ decibans at best and can never be likely \(10\)/
    ),
  ]);
});

it('counts what is correlated once', () => {
  const both = (group: string) =>
    found(`{ signal: it, present: moderate${group} }, { signal: also, present: moderate${group} }`);
  expect(both('')).toEqual([]);
  expect(both(', group: g')).toHaveLength(1);
});

it('leaves a cause alone that can be likely', () => {
  expect(found('{ signal: it, present: strong }')).toEqual([]);
});
