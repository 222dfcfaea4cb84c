import { expect, it } from 'vitest';

import { lintRule } from './lintRule';

const found = (relation: string) =>
  lintRule('unknown-name', {
    signals: 'it: { title: It, prometheus: x, test: { above: 0 } }\n',
    runbook: `causes:
  c: { title: C, says: C, evidence: [{ signal: it, present: strong }], fixes: [], ${relation} }
  other: { title: D, says: D, evidence: [{ signal: it, present: weak }], fixes: [] }
`,
  });

it.each([
  ['explains: [rr]', 'the runbook or cause `rr` does not exist; did you mean `r`?'],
  ['explains: [r/othr]', 'the runbook or cause `r/othr` does not exist'],
  ['explains: ["q:r"]', 'the runbook or cause `q:r` does not exist'],
  ['lookAlikes: { cause: othr, differs: x }', 'the cause `othr` does not exist; did you mean `other`?'],
  ['lookAlikes: { cause: c, differs: x }', '`c` is said to look like itself'],
])('refuses %s', (relation, says) => {
  expect(found(relation)).toEqual([expect.stringMatching(/^p\/r\.yaml:9:\d+: error: /)]);
  expect(found(relation).join()).toContain(says);
});

it.each([
  'explains: [r/other]',
  'explains: ["*:r/other", "p:r"]',
  'lookAlikes: { cause: other, differs: x }',
  'lookAlikes: { cause: r/other, differs: x }',
])('leaves alone %s', (relation) => {
  expect(found(relation)).toEqual([]);
});
