import { expect, it } from 'vitest';

import { lintRule } from './lintRule';

const found = (evidence: string) =>
  lintRule('no-evidence', {
    signals: 'it: { title: It, prometheus: x, test: { above: 0 } }\n',
    runbook: `causes:\n  c: { title: C, says: C, evidence: [${evidence}], fixes: [] }\n`,
  });

it('refuses a cause without evidence', () => {
  expect(found('')).toEqual([expect.stringMatching(/^p\/r\.yaml:9:\d+: error: the cause `c` has no evidence/)]);
});

it('leaves one with evidence alone', () => {
  expect(found('{ signal: it, present: strong }')).toEqual([]);
});
