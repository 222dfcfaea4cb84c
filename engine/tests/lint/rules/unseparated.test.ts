import { expect, it } from 'vitest';

import { lintRule } from './lintRule';

const found = (test: string) =>
  lintRule('unseparated', {
    signals: `it: { title: It, prometheus: x, test: { above: 0 } }
also: { title: Also, prometheus: y, test: { above: 0 } }
`,
    runbook: `causes:
  c:
    title: C
    says: C
    evidence: [{ signal: it, present: strong, absent: -strong }, { signal: also, present: -strong }]
    lookAlikes: { cause: d, differs: also }
    fixes: []
  d:
    title: D
    says: D
    evidence: [{ signal: it, present: strong, absent: -strong }, { signal: also, present: strong, absent: -strong }]
    fixes: []
tests:
  - ${test}
`,
  });

it.each([
  ['no test has one of them in the lead', '{ name: healthy, expect: { top: none } }'],
  ['nothing that they share is given', '{ name: t, given: { also: present }, expect: { top: d } }'],
])('refuses look-alikes when %s', (_, test) => {
  expect(found(test)).toEqual([
    expect.stringMatching(
      /^p\/r\.yaml:13:\d+: error: in `r` no test tells `c` from `d`: one has to lead alone while it present is given/
    ),
  ]);
});

it('leaves them alone when one leads although evidence of both is given', () => {
  expect(found('{ name: t, given: { it: present, also: present }, expect: { top: d } }')).toEqual([]);
  expect(found('{ name: t, given: { it: present }, expect: { top: c } }')).toEqual([]);
});
