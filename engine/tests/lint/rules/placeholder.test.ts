import { expect, it } from 'vitest';

import { lintRule } from './lintRule';

const SIGNALS = `it: { title: It, prometheus: 'sum(rate(x[{{window}}]))', test: { above: 0 } }
rows: { title: Rows, diagnostics: { check: postgres.blocking, target: '{{postgres}}', rows: roots } }
`;
const CAUSE = (says: string, fixes = '') => `causes:
  c: { title: C, says: ${JSON.stringify(says)}, evidence: [{ signal: it, present: strong }, { signal: rows, present: weak }], fixes: [${fixes}] }
`;
const query = (expr: string) => lintRule('placeholder', { signals: SIGNALS.replace('sum(rate(x[{{window}}]))', expr) });
const sentence = (says: string) => lintRule('placeholder', { signals: SIGNALS, runbook: CAUSE(says) });
const command = (text: string, language = 'sql') =>
  lintRule('placeholder', {
    signals: SIGNALS,
    runbook: `${CAUSE('C', 'f')}fixes:
  f:
    title: F
    kind: read
    risk: safe
    reach: nothing
    ${language}: ${JSON.stringify(text)}
    inputs: { n: { title: N, kind: integer } }
`,
  });

it('refuses in a query what is no parameter', () => {
  expect(query('rate(x[{{windw}}])')).toEqual([
    expect.stringMatching(
      /^p\/signals\/s\.yaml:1:\d+: error: \{\{windw\}\}: the name `windw` does not exist; did you mean `window`\?/
    ),
  ]);
  expect(query('rate(x[{{rows}}])').join()).toContain('in a query only parameters have a value');
  expect(query('rate(x[{{window | quarter}}])')).toEqual([]);
});

it.each([
  ['{{itt}} of them', 'did you mean `it`?'],
  ['{{it | duratoin}}', 'did you mean `duration`?'],
  ['{{rows | list}} hold it', 'say which column, like list(application)'],
  ['{{it | duration(x)}}', 'takes no argument'],
  ['{{it | count | rate}}', 'one filter is enough'],
  ['[[{{it}} of them', 'must pair'],
  ['too[[ much]]', 'has no placeholder, so it is never left out'],
  ['{{ 5 }} of them', 'is no placeholder'],
])('refuses the sentence %s', (text, says) => {
  expect(sentence(text).join()).toContain(says);
});

it.each(['{{it}} of {{postgres}}', '{{rows | list(pid)}}[[, {{rows.pid}}]]', 'nothing'])(
  'leaves the sentence %s alone',
  (text) => {
    expect(sentence(text)).toEqual([]);
  }
);

it.each([
  ['SELECT {{rows.pid | count}}', 'a command takes values as they are'],
  ['SELECT {{nobody}}', 'a command takes parameters, inputs and facts of signals'],
  ['SELECT {{postgres.pid}}', 'a parameter has no columns'],
  ['SELECT 1 -- {{rows.pid}}', 'stands where no value can be quoted safely'],
  ['ANALYZE {{rows.table}}', 'write {{rows.table | ident}}'],
  ['ALTER ROLE {{rows.user | ident}} RESET ALL', 'write {{rows.user | role}}'],
])('refuses the command %s', (text, says) => {
  expect(command(text)).toEqual([expect.stringMatching(/^p\/r\.yaml:16:\d+: error: /)]);
  expect(command(text).join()).toContain(says);
});

it.each([
  'SELECT {{rows.pid}} LIMIT {{n}}',
  'ANALYZE {{rows.table | ident}}',
  'ALTER ROLE {{rows.user | role}} RESET ALL',
])('leaves the command %s alone', (text) => {
  expect(command(text)).toEqual([]);
});

it('refuses in the default of a selector what has no value of its own', () => {
  const selector = (value: string) =>
    lintRule('placeholder', {
      signals: SIGNALS,
      pack: `  one: { title: One, kind: selector, default: '${value}' }
  two: { title: Two, kind: selector, default: 'a="{{window}}"' }
`,
    });
  expect(selector('a="{{windw}}"')).toEqual([
    expect.stringMatching(/^p\/pack\.yaml:7:\d+: error: \{\{windw\}\}: the name `windw` does not exist/),
  ]);
  expect(selector('a="{{one}}"').join()).toContain('parameters that have a value of their own');
  expect(selector('a="{{two}}"').join()).toContain('parameters that have a value of their own');
  expect(selector('a="{{window}}"')).toEqual([]);
});
