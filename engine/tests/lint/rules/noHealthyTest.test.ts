import { expect, it } from 'vitest';

import { lintRule } from './lintRule';

const found = (tests: string) =>
  lintRule('no-healthy-test', {
    signals: 'it: { title: It, prometheus: x, test: { above: 0 } }\n',
    runbook: `causes:
  c: { title: C, says: C, evidence: [{ signal: it, present: strong, absent: -strong }], fixes: [] }
tests:
${tests}`,
  });

it.each([
  '  - { name: leads, given: { it: present }, expect: { top: c } }\n',
  '  - { name: blind, rest: unknown, expect: { top: none } }\n',
  '  - { name: not healthy, given: { it: present }, expect: { top: none } }\n',
])('wants a test in which nothing is present beside %s', (tests) => {
  expect(found(tests)).toEqual([expect.stringMatching(/^p\/r\.yaml:\d+:\d+: error: no test shows `r` healthy/)]);
});

it('leaves a runbook alone that has one', () => {
  expect(found('  - { name: healthy, expect: { top: none } }\n')).toEqual([]);
  expect(found('  - { name: healthy, given: { it: absent }, expect: { top: none } }\n')).toEqual([]);
});
