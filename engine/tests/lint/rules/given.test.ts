import { expect, it } from 'vitest';

import { lintRule } from './lintRule';

const found = (given: string) =>
  lintRule('given', {
    signals: `it: { title: It, prometheus: x, test: { above: 2 } }
down: { title: Down, diagnostics: { check: postgres.availability, target: x, field: up }, test: { is: false } }
class: { title: Class, diagnostics: { check: postgres.availability, target: x, field: class }, test: { is: refused } }
other: { title: Other, diagnostics: { check: postgres.connections, target: x, field: usedRatio }, test: { above: 0.9 }, unit: percentunit }
`,
    runbook: `causes:
  c:
    title: C
    says: C
    evidence:
      - { signal: it, present: strong }
      - { signal: down, present: weak }
      - { signal: class, present: weak }
      - { signal: other, present: weak }
    fixes: []
tests:
  - { name: t, given: { ${given} }, expect: { top: c } }
`,
  });

it.each([
  ['it: { present: 2 }', '2 makes `it` absent, not present'],
  ['it: { absent: 3 }', '3 makes `it` present, not absent'],
  ['down: { absent: { class: refused } }', 'contradict each other'],
  ['down: present, class: { present: { up: true } }', 'contradict each other'],
  [
    'down: absent, class: present',
    '`class` and `down` contradict each other: the service calls a server with that class down',
  ],
])('refuses { %s }', (given, says) => {
  expect(found(given)).toContainEqual(expect.stringMatching(/^p\/r\.yaml:19:\d+: error: /));
  expect(found(given).join()).toContain(says);
});

it.each([
  'it: { present: 3 }',
  'it: { absent: 2 }',
  'it: present',
  'down: present, class: present',
  'down: { absent: { class: ok, up: true } }, class: absent',
  'down: unknown, class: present',
  'down: present, other: { present: 0.95 }',
])('leaves alone { %s }', (given) => {
  expect(found(given)).toEqual([]);
});
