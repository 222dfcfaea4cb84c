import { expect, it } from 'vitest';

import { lintRule } from './lintRule';

const found = (fixes: string) =>
  lintRule('no-fix', {
    signals: 'it: { title: It, prometheus: x, test: { above: 0 } }\n',
    runbook: `causes:
  c: { title: C, says: C, evidence: [{ signal: it, present: strong }], fixes: [${fixes}] }
fixes:
  f: { title: F, kind: read, risk: safe, reach: nothing, shell: 'true' }
`,
  });

it('refuses a cause without a fix', () => {
  expect(found('')).toEqual([expect.stringMatching(/^p\/r\.yaml:9:\d+: error: the cause `c` has no fix: name/)]);
});

it('leaves one alone that has a fix, even if it only reads', () => {
  expect(found('f')).toEqual([]);
});
