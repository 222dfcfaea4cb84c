/** What is generated judges like the engine: an alert fires wherever its signal is present. */
import { loadPack } from '@live-runbooks/engine/authoring';
import { expect, it } from 'vitest';

import { alertGroups } from '../src/generate/alerts';
import { parsePromql } from '../src/promql';

/** The expression of the one alert of a pack whose signal counts instances, with these words about it. */
const ruleOf = (signal: string): string => {
  const files = {
    'demo/pack.yaml': 'id: demo\ntitle: Demo\ndescription: d\n',
    'demo/signals/all.yaml': `up: { title: Instances, prometheus: 'sum(up{job="api"})', ${signal} }\nodd: { title: Odd, manual: "Odd?" }\n`,
    'demo/down.yaml': `id: down
title: Down
summary: s
area: a
service: demo
severity: critical
alerts: [Down]
symptoms: [up]
causes:
  gone:
    title: Gone
    says: gone
    evidence: [{ signal: odd, present: decisive, absent: -strong }]
prevention:
  - { alert: Down, signal: up, for: 1m, severity: critical, summary: Down, description: Down }
tests: [{ name: healthy, expect: { top: none } }]
`,
  };
  const read = loadPack(files, 'demo');
  if (!read.ok) {
    throw new Error(read.problems.map(({ message }) => message).join('\n'));
  }
  const [group] = alertGroups(read.pack, { bind: {}, baseUrl: 'http://localhost:3000' });
  return group?.rules[0]?.expr ?? '';
};

it('fires without a series where none means that the signal is present', () => {
  const expr = ruleOf('test: { below: 1 }, empty: present');
  expect(expr).toBe('(sum(up{job="api"})) < 1 or absent(sum(up{job="api"}))');
  expect(parsePromql(expr)).toBeUndefined();
});

it('stays quiet without a series where none says nothing', () => {
  expect(ruleOf('test: { below: 1 }')).toBe('(sum(up{job="api"})) < 1');
});
