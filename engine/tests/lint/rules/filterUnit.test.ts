import { expect, it } from 'vitest';

import { lintRule } from './lintRule';

const says = (text: string) =>
  lintRule('filter-unit', {
    signals: `it: { title: It, diagnostics: { check: postgres.blocking, target: x, rows: roots } }
used: { title: Used, diagnostics: { check: postgres.connections, target: x, field: usedRatio }, test: { above: 0.9 }, unit: percentunit }
`,
    runbook: `causes:
  c: { title: C, says: "${text}", evidence: [{ signal: it, present: strong }, { signal: used, present: weak }], fixes: [f] }
fixes:
  f: { title: F, kind: mitigate, risk: reversible, reach: "${text}", unverified: x, shell: 'true' }
`,
  });

it.each([
  ['{{it.idleSeconds | ms}}', 'is in s, which `ms` does not write: write `duration`'],
  ['{{it.idleSeconds | percent}}', 'is in s, which `percent` does not write'],
  ['{{it.application | duration}}', 'is a text, which `duration` does not write: leave it out'],
  ['{{it.kind | bytes}}', 'is a word'],
  ['{{used | duration}}', 'is in percentunit, which `duration` does not write: write `percent`'],
])('refuses %s in the words of a cause and of a fix', (text, why) => {
  expect(says(text)).toEqual([expect.stringContaining(why), expect.stringContaining(why)]);
});

it.each([
  '{{it.idleSeconds | duration}}',
  '{{it.idleSeconds}}',
  '{{used | percent}}',
  '{{it | count}}',
  '{{it | rate}}',
  '{{it.pid | duration}}',
])('leaves %s alone', (text) => {
  expect(says(text)).toEqual([]);
});
