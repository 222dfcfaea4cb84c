import { expect, it } from 'vitest';

import { formatProblem, lintPacks, loadPack } from '../../../src/authoring/index';
import { lintRule } from './lintRule';

const found = (says: string, evidence = '') =>
  lintRule('unused-signal', {
    signals: `it: { title: It, prometheus: x, test: { above: 0 } }
other: { title: Other, prometheus: y, test: { above: 0 } }
`,
    runbook: `causes:
  c: { title: C, says: "${says}", evidence: [{ signal: it, present: strong }${evidence}], fixes: [] }
`,
  });

it('refuses a signal that nothing reads', () => {
  expect(found('C')).toEqual([
    expect.stringMatching(/^p\/signals\/s\.yaml:2:\d+: error: nothing uses the signal `other`/),
  ]);
});

it('leaves alone what a sentence or evidence reads', () => {
  expect(found('{{other}} of them')).toEqual([]);
  expect(found('C', ', { signal: other, absent: -weak }')).toEqual([]);
});

it('refuses a shared signal that no pack reads', () => {
  const loaded = loadPack(
    {
      'r/p/pack.yaml': 'id: p\ntitle: P\ndescription: D\nuses: [common]\n',
      'r/p/r.yaml': `id: r
title: R
summary: S
area: a
service: s
severity: info
symptoms: [it]
causes:
  c: { title: C, says: C, evidence: [{ signal: it, present: strong }], fixes: [] }
`,
      'r/common/signals/s.yaml': `it: { title: It, prometheus: x, test: { above: 0 } }
idle: { title: Idle, manual: Is it? }
`,
    },
    'r/p'
  );
  const problems = loaded.ok ? lintPacks([loaded]) : loaded.problems;
  expect(problems.filter(({ rule }) => rule === 'unused-signal').map(formatProblem)).toEqual([
    expect.stringMatching(/^r\/common\/signals\/s\.yaml:2:\d+: error: no pack uses the shared signal `idle`/),
  ]);
});
