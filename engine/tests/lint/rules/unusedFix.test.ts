import { expect, it } from 'vitest';

import { lintRule } from './lintRule';

const found = (fixes: string) =>
  lintRule('unused-fix', {
    signals: 'it: { title: It, prometheus: x, test: { above: 0 } }\n',
    runbook: `causes:
  c: { title: C, says: C, evidence: [{ signal: it, present: strong }], fixes: [${fixes}] }
fixes:
  f: { title: F, kind: read, risk: safe, reach: nothing, shell: 'true' }
  g: { title: G, kind: read, risk: safe, reach: nothing, shell: 'true' }
`,
  });

it('warns of a fix that no cause names', () => {
  expect(found('f')).toEqual([expect.stringMatching(/^p\/r\.yaml:12:\d+: warning: no cause of `r` names the fix `g`/)]);
  expect(found('f, g')).toEqual([]);
});
