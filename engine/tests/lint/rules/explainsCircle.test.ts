import { expect, it } from 'vitest';

import { lintRule } from './lintRule';

const cause = (id: string, explains: string) =>
  `  ${id}: { title: C, says: C, evidence: [{ signal: it, present: strong }], fixes: [], explains: [${explains}] }\n`;
const found = (...causes: string[]) =>
  lintRule('explains-circle', {
    signals: 'it: { title: It, prometheus: x, test: { above: 0 } }\n',
    runbook: `causes:\n${causes.join('')}`,
  });

it('refuses causes that explain each other, be it through others', () => {
  expect(found(cause('a', 'r/b'), cause('b', 'r/a'))).toEqual([
    expect.stringMatching(/^p\/r\.yaml:9:\d+: error: `a` explains itself in a circle: p\/r\/a → p\/r\/b → p\/r\/a;/),
    expect.stringMatching(/^p\/r\.yaml:10:/),
  ]);
  expect(found(cause('a', 'r/b'), cause('b', 'r/c'), cause('c', '"*:r/a"'))).toHaveLength(3);
});

it('leaves one direction alone', () => {
  expect(found(cause('a', 'r/b, r/c'), cause('b', 'r/c'), cause('c', ''))).toEqual([]);
});
