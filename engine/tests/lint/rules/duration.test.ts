import { expect, it } from 'vitest';

import { lintRule } from './lintRule';

const hold = (text: string) =>
  lintRule('duration', {
    signals: 'it: { title: It, prometheus: x, test: { above: 0 } }\n',
    runbook: `causes:
  c: { title: C, says: C, evidence: [{ signal: it, present: strong }], fixes: [] }
prevention:
  - { alert: A, signal: it, summary: s, description: d, for: ${text} }
`,
  });

it.each(['5', '5 m', 'soon', "'{{postgres}}'", "'{{nothing}}'"])('refuses `for: %s`', (text) => {
  expect(hold(text)).toEqual([expect.stringMatching(/^p\/r\.yaml:11:\d+: error: .*like 30s, 5m or 1h30m/)]);
});

it.each(['5m', '1h30m', "'{{window}}'"])('leaves `for: %s` alone', (text) => {
  expect(hold(text)).toEqual([]);
});
