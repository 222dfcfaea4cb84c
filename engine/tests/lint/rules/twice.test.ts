import { expect, it } from 'vitest';

import { lintRule } from './lintRule';

const found = (...evidence: string[]) =>
  lintRule('twice', {
    signals: 'it: { title: It, prometheus: x, test: { above: 0 } }\n',
    runbook: `causes:
  c:
    title: C
    says: C
    evidence:
${evidence.map((item) => `      - ${item}\n`).join('')}    fixes: []
`,
  });

it('refuses a signal that is evidence for one cause twice, at the second', () => {
  expect(found('{ signal: it, present: strong }', '{ signal: it, absent: -strong }')).toEqual([
    expect.stringMatching(/^p\/r\.yaml:14:\d+: error: `it` is evidence for `c` twice/),
  ]);
});

it('leaves alone what is weighed once for each sort of row', () => {
  expect(
    found('{ signal: it, present: strong, where: { job: a } }', '{ signal: it, present: weak, where: { job: b } }')
  ).toEqual([]);
});
