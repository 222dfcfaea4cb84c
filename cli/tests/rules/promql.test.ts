import { formatProblem, lintPacks, loadKinds } from '@live-runbooks/engine/authoring';
import { expect, it } from 'vitest';

import { lintRule } from '../../../engine/tests/lint/rules/lintRule';
import { lintTools } from '../../src/lintTools';
import { lintProm } from './lintProm';

it('refuses what is no PromQL, and shows where', () => {
  expect(lintProm('promql', 'sum((rate(x[5m]))')).toEqual([
    expect.stringMatching(/^p\/signals\/s\.yaml:4:\d+: error: this is no PromQL: .* near `.*rate\(x\[5m\]\)/),
  ]);
});

it('reads placeholders as values of their kind', () => {
  expect(
    lintProm(
      'promql',
      'sum by (queue) (rate({{queue_depth}}{ {{api}}, pod=~"{{deployment | pods}}" }[{{window | quarter}}]))'
    )
  ).toEqual([]);
});

it('reads a fix that is a query, and what discovers a kind', () => {
  const fix = (promql: string) =>
    lintRule(
      'promql',
      {
        signals: 'it: { title: It, prometheus: x, test: { above: 0 } }\n',
        runbook: `causes:
  c: { title: C, says: C, evidence: [{ signal: it, present: strong }], fixes: [f] }
fixes:
  f: { title: F, kind: read, risk: safe, reach: nothing, promql: '${promql}' }
`,
      },
      lintTools
    );
  expect(fix('sum((x)')).toEqual([expect.stringMatching(/^p\/r\.yaml:11:\d+: error: this is no PromQL/)]);
  expect(fix('sum(rate(x{pod={{postgres}}}[{{window}}]))')).toEqual([]);

  const { kinds } = loadKinds({
    'kinds/shop/kind.yaml': `id: shop
title: Shop
description: D
identity: { scope: api, labels: [job] }
params:
  api: { title: Labels of its series, kind: selector, required: false }
dialects:
  one: { title: One, discover: 'group by ({{by}}) ((up)', name: '{{job}}' }
`,
  });
  expect(lintPacks(kinds, lintTools).map(formatProblem)).toEqual([
    expect.stringMatching(/^kinds\/shop\/kind\.yaml:8:\d+: error: this is no PromQL/),
  ]);
});
