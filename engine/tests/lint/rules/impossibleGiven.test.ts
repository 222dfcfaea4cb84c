import { expect, it } from 'vitest';

import { lintRule } from './lintRule';

const given = (facts: string, where = 'idleSeconds: { above: 60 }, kind: session') =>
  lintRule('impossible-given', {
    signals: `it: { title: It, diagnostics: { check: postgres.blocking, target: x, rows: roots, where: { ${where} } } }\n`,
    runbook: `causes:
  c: { title: C, says: C, evidence: [{ signal: it, present: strong }], fixes: [] }
tests:
  - name: t
    given: { it: ${facts} }
    expect: { top: c }
`,
  });

it.each([
  ['{ present: { pids: 1 } }', 'did you mean `pid`?'],
  ['{ present: { idleSeconds: 5 } }', 'its `where` leaves out a row with idleSeconds: 5'],
  ['{ present: { kind: background } }', 'its `where` leaves out a row with kind: background'],
  ['{ present: { kind: nobody } }', 'is never that'],
  ['{ present: { idleSeconds: long } }', 'is a number'],
])('refuses %s', (facts, says) => {
  expect(given(facts)).toEqual([expect.stringMatching(/^p\/r\.yaml:12:\d+: error: /)]);
  expect(given(facts).join()).toContain(says);
});

it.each(['{ present: { pid: 1, idleSeconds: 61, kind: session } }', '{ present: 3 }', 'absent', 'unknown'])(
  'leaves alone %s',
  (facts) => {
    expect(given(facts)).toEqual([]);
  }
);

it('does not guess what a parameter keeps', () => {
  expect(given('{ present: { pid: 4 } }', "pid: '{{postgres}}'")).toEqual([]);
});
