import { expect, it } from 'vitest';

import { lintRule } from './lintRule';

const runbook = `alerts: [Defined, Undefined]
causes:
  c: { title: C, says: C, evidence: [{ signal: it, present: strong }], fixes: [] }
prevention:
  - { alert: Defined, signal: it, summary: s, description: d }
`;
const found = (signals: string, pack = '') => lintRule('unknown-alert', { signals, runbook, pack });

it('refuses an alert that nobody defines, as what opens a runbook and as what a signal asks', () => {
  expect(found('it: { title: It, prometheus: x, test: { above: 0 } }\n')).toEqual([
    expect.stringMatching(/^p\/r\.yaml:8:\d+: error: the alert `Undefined` does not exist; did you mean `Defined`\?/),
  ]);
  expect(found('it: { title: It, alert: Defnied, test: { above: 0 } }\n').join()).toContain('the alert `Defnied`');
});

it('takes the word of a pack that the rule files of the team define it', () => {
  expect(found('it: { title: It, prometheus: x, test: { above: 0 } }\n', 'otherAlerts: [Undefined]\n')).toEqual([]);
});
