import { expect, it } from 'vitest';

import { lintRule } from './lintRule';

const SIGNALS = `it: { title: It, prometheus: x, test: { above: 0 } }
also: { title: Also, prometheus: y, test: { above: 0 } }
`;
const found = (one: string, other: string) =>
  lintRule('identical-evidence', {
    signals: SIGNALS,
    runbook: `causes:
  c: { title: C, says: C, evidence: [${one}], fixes: [] }
  d: { title: D, says: D, evidence: [${other}], fixes: [] }
`,
  });
const IT = '{ signal: it, present: strong }';
const ALSO = '{ signal: also, present: weak }';

it('refuses two causes with the same evidence, in whatever order', () => {
  expect(found(`${IT}, ${ALSO}`, `${ALSO}, ${IT}`)).toEqual([
    expect.stringMatching(/^p\/r\.yaml:10:\d+: error: `d` and `c` have identical evidence/),
  ]);
});

it.each([
  ['another signal', `${IT}, ${ALSO}`, IT],
  ['another weight', IT, '{ signal: it, present: weak }'],
  ['another row', IT, '{ signal: it, present: strong, where: { job: api } }'],
  ['nothing, which has a rule of its own', '', ''],
])('leaves alone what differs by %s', (_, one, other) => {
  expect(found(one, other)).toEqual([]);
});
