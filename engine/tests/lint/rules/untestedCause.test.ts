import { expect, it } from 'vitest';

import { lintRule } from './lintRule';

const found = (tests: string) =>
  lintRule('untested-cause', {
    signals: 'it: { title: It, prometheus: x, test: { above: 0 } }\n',
    runbook: `causes:
  c: { title: C, says: C, evidence: [{ signal: it, present: strong, absent: -strong }], fixes: [] }
tests:
${tests}`,
  });

it('refuses a cause that no test has in the lead', () => {
  expect(found('  - { name: healthy, expect: { top: none } }\n')).toEqual([
    expect.stringMatching(/^p\/r\.yaml:9:\d+: error: no test has `c` in the lead/),
  ]);
  expect(found('  - { name: leads, given: { it: present }, expect: { top: c } }\n')).toEqual([]);
});
