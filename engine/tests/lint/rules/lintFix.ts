import { formatProblem, lintPacks, loadPack } from '../../../src/authoring/index';

const PACK = `id: demo
title: Demo
description: A pack
params:
  ns: { title: Namespace, kind: value, default: shop }
  window: { title: Window, kind: duration, default: 5m }
`;
const SIGNALS = `errors: { title: Errors, prometheus: "sum(rate(x[{{window}}]))", test: { above: 1 }, recent: errors-recent }
errors-recent: { title: Errors of late, prometheus: "sum(rate(x[{{window | quarter}}]))", test: { above: 1 } }
replicas: { title: Replicas wanted, prometheus: "max(r)", test: { above: 0 } }
slow: { title: Slow, diagnostics: { check: postgres.statements, target: pg, rows: slow, where: { callsPerSecond: { above: 1 } } } }
`;
const RUNBOOK = `id: r
title: R
summary: s
area: a
service: s
severity: warning
symptoms: [errors]
causes:
  c:
    title: C
    says: c
    evidence:
      - { signal: errors, present: strong }
      - { signal: replicas, present: weak }
      - { signal: slow, present: weak }
    fixes: [f]
fixes:
  f:
`;

/** What every fix of these tests has, and what none of them is about. */
const REST = ['title: F', 'reach: nothing'];

const has = (lines: readonly string[], key: string) => lines.some((line) => line.startsWith(`${key}:`));

/** The rules about fixes that one fix breaks, each as `rule: message`. Lines are those of the fix, without indentation. */
export function lintFix(...lines: readonly string[]): string[] {
  const saysWhether = ['verify', 'unverified', 'text'].some((key) => has(lines, key)) || lines.includes('kind: read');
  return lintFixAsWritten(...lines, ...(saysWhether ? [] : ['unverified: see']));
}

/** As `lintFix`, for a fix that may say nothing of its success. */
export function lintFixAsWritten(...lines: readonly string[]): string[] {
  const body = [
    ...REST,
    ...(has(lines, 'kind') ? [] : ['kind: mitigate']),
    ...(has(lines, 'risk') ? [] : ['risk: reversible']),
    ...lines,
  ];
  const loaded = loadPack(
    {
      'p/demo/pack.yaml': PACK,
      'p/demo/signals/s.yaml': SIGNALS,
      'p/demo/r.yaml': RUNBOOK + body.map((line) => `    ${line}\n`).join(''),
    },
    'p/demo'
  );
  if (!loaded.ok) {
    throw new Error(loaded.problems.map(formatProblem).join('\n'));
  }
  return lintPacks([loaded])
    .filter(({ message }) => message.startsWith('`f` '))
    .map(({ rule, message }) => `${rule}: ${message}`);
}
