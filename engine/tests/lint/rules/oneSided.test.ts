import { expect, it } from 'vitest';

import { lintRule } from './lintRule';

const found = (evidence: string) =>
  lintRule('one-sided', {
    signals: 'it: { title: It, prometheus: x, test: { above: 0 } }\n',
    runbook: `causes:\n  c: { title: C, says: C, evidence: [${evidence}], fixes: [] }\n`,
  });

it('warns of a cause that nothing speaks against', () => {
  expect(found('{ signal: it, present: strong }')).toEqual([
    expect.stringMatching(/^p\/r\.yaml:9:\d+: warning: nothing speaks against `c`: say what its absence would show/),
  ]);
});

it.each(['{ signal: it, present: strong, absent: -weak }', '{ signal: it, present: -strong }', ''])(
  'leaves alone %s',
  (evidence) => {
    expect(found(evidence)).toEqual([]);
  }
);
