import { expect, it } from 'vitest';

import { lintRule } from './lintRule';

const found = (tests: string) =>
  lintRule('no-tests', {
    signals: 'it: { title: It, prometheus: x, test: { above: 0 } }\n',
    runbook: `causes:
  c: { title: C, says: C, evidence: [{ signal: it, present: strong }], fixes: [] }
${tests}`,
  });

it('refuses a runbook without tests', () => {
  expect(found('')).toEqual([expect.stringMatching(/^p\/r\.yaml:1:1: error: the runbook `r` has no tests/)]);
  expect(found('tests: [{ name: healthy, expect: { top: none } }]\n')).toEqual([]);
});
