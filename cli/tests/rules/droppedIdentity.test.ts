import { formatProblem, lintPacks, loadKinds } from '@live-runbooks/engine/authoring';
import { expect, it } from 'vitest';

import { lintTools } from '../../src/lintTools';

/** What the rule says of a kind whose only signal asks this, and that is discovered so. */
function found(prometheus: string, discover = 'group by ({{by}}) (up)'): string[] {
  const { kinds, problems } = loadKinds({
    'kinds/shop/kind.yaml': `id: shop
title: Shop
description: D
identity: { scope: api, labels: [job], optional: [namespace] }
params:
  api: { title: Labels of its series, kind: selector, required: false }
dialects:
  one: { title: One, discover: '${discover}', name: '{{job}}' }
`,
    'kinds/shop/signals/s.yaml': `it:\n  title: It\n  test: { above: 0 }\n  unit: short\n  prometheus: >-\n    ${prometheus}\n`,
    'kinds/shop/r.yaml': `id: r
title: R
summary: S
area: a
service: s
severity: warning
symptoms: [it]
causes:
  c: { title: C, says: C, evidence: [{ signal: it, present: strong }], fixes: [] }
`,
  });
  expect(problems.map(formatProblem)).toEqual([]);
  return lintPacks(kinds, lintTools)
    .filter(({ rule }) => rule === 'dropped-identity')
    .map(formatProblem);
}

const ERRORS = 'rate(errors_total{ {{api}} }[5m])';
const KEPT = `sum by ({{api | labels}}) (${ERRORS})`;
/** Reads one of the labels off another one. */
const MADE = 'label_replace(max by (namespace, pod) (x{ {{api}} }), "job", "$1", "pod", "(.*)-.*")';

it.each([
  [`sum(${KEPT})`, '`sum('],
  [`sum by (job) (${ERRORS}) and on (job) ${KEPT}`, 'drops the labels of `api`'],
  [`max by (pod) (x{ {{api}} }) or ${KEPT}`, '`max by (pod)'],
  [`topk(3, ${KEPT})`, '`topk(3'],
  [`${KEPT} / on () group_left () (${KEPT})`, '/ on ()'],
  [`${KEPT} / scalar(sum by ({{api | labels}}) (x{ {{api}} }))`, '`scalar('],
  [`${KEPT} / on () vector(2)`, 'the answer drops the labels of `api`'],
  [`sum by ({{api | labels}}) (${MADE.replace('namespace, pod', 'pod')})`, '`max by (pod)'],
  [`sum(${MADE}) or ${KEPT}`, '`sum('],
])('refuses %s', (prometheus, says) => {
  expect(found(prometheus)).toEqual([expect.stringMatching(/^kinds\/shop\/signals\/s\.yaml:5:\d+: error: /)]);
  expect(found(prometheus).join()).toContain(says);
});

it.each([
  KEPT,
  `${KEPT} / on ({{api | labels}}) (sum by ({{api | labels}}) (rate(requests_total{ {{api}} }[5m])) >= 0.2)`,
  `max by (pod{{api | andLabels}}) (x{ {{api}} })`,
  `topk by ({{api | labels}}) (3, x{ {{api}} })`,
  `max without (pod) (x{ {{api}} }) and ${KEPT}`,
  `histogram_quantile(0.95, sum by (le{{api | andLabels}}) (rate(seconds_bucket{ {{api}} }[5m])))`,
  `sum(${ERRORS})`,
  `sum by ({{api | labels}}) (${MADE})`,
])('leaves alone %s', (prometheus) => {
  expect(found(prometheus)).toEqual([]);
});

it('holds what discovers a kind to its labels, of which optional ones may be missing', () => {
  const of = (discover: string) => found(KEPT, discover);
  expect(of('group(up)')).toEqual([
    expect.stringMatching(/^kinds\/shop\/kind\.yaml:8:\d+: error: no component is found by an answer without `job`/),
  ]);
  expect(of('group by (job) (up)')).toEqual([]);
  expect(of('up')).toEqual([]);
});
