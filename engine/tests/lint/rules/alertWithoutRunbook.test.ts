import { expect, it } from 'vitest';

import { lintRule } from './lintRule';

const found = (alerts: string) =>
  lintRule('alert-without-runbook', {
    signals: 'it: { title: It, prometheus: x, test: { above: 0 } }\n',
    runbook: `alerts: [${alerts}]
causes:
  c: { title: C, says: C, evidence: [{ signal: it, present: strong }], fixes: [] }
prevention:
  - { alert: A, signal: it, summary: s, description: d }
`,
  });

it('refuses an alert that does not open the runbook which defines it', () => {
  expect(found('')).toEqual([
    expect.stringMatching(/^p\/r\.yaml:12:\d+: error: the alert `A` does not open this runbook: add it to alerts/),
  ]);
  expect(found('A')).toEqual([]);
});
