import { expect, it } from 'vitest';

import { lintRule } from './lintRule';

const found = (explains: string) =>
  lintRule('explains-itself', {
    signals: 'it: { title: It, prometheus: x, test: { above: 0 } }\n',
    runbook: `causes:
  c: { title: C, says: C, evidence: [{ signal: it, present: strong }], fixes: [], explains: [${explains}] }
`,
  });

it.each(['r', '"*:r"'])('warns of a cause that explains its own runbook as %s', (name) => {
  expect(found(name)).toEqual([
    expect.stringMatching(/^p\/r\.yaml:9:\d+: warning: `.*r` is the runbook of this cause; it cannot be downstream/),
  ]);
});

it('leaves another runbook alone', () => {
  expect(found('s')).toEqual([]);
});
