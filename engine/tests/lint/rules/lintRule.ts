import { formatProblem, lintPacks, loadPack, type LintTools } from '../../../src/authoring/index';

const PACK = `id: p
title: P
description: D
params:
  postgres: { title: Postgres, kind: value, default: pg }
  window: { title: Window, kind: duration, default: 5m }
`;
const RUNBOOK = `id: r
title: R
summary: S
area: a
service: s
severity: warning
symptoms: [it]
`;
const CAUSES = `causes:
  c: { title: C, says: C, evidence: [{ signal: it, present: strong }], fixes: [] }
`;

/** What lint knows of the service in these tests. */
const CHECKS: LintTools['checks'] = {
  'postgres.blocking': {
    unit: 'short',
    fields: { waiting: { type: 'number', unit: 'short' }, longestWaitSeconds: { type: 'number', unit: 's' } },
    rows: {
      roots: {
        pid: { type: 'number' },
        application: { type: 'text' },
        kind: { type: 'word', words: ['session', 'background'] },
        idleSeconds: { type: 'number', unit: 's' },
      },
    },
  },
  'postgres.availability': {
    unit: 'short',
    fields: {
      up: { type: 'boolean' },
      class: { type: 'word', words: ['ok', 'refused'], serving: ['ok'] },
      message: { type: 'text' },
    },
    rows: {},
  },
  'postgres.connections': {
    unit: 'percentunit',
    fields: { usedRatio: { type: 'number', unit: 'percentunit' }, idle: { type: 'number', unit: 'short' } },
    rows: {},
  },
  'postgres.queries': {
    unit: 'short',
    configured: { fields: { type: 'number', unit: 'short' }, rows: { results: {} } },
    fields: { firing: { type: 'number', unit: 'short' } },
    rows: { results: { query: { type: 'text' } }, queries: { name: { type: 'text' } } },
  },
};

/** The parts of a pack that a test is about; what is left out is sound, or of no concern to the rule. */
export interface Parts {
  /** YAML of signals; `it` is the symptom. */
  readonly signals: string;
  /** YAML that begins with `causes:`. */
  readonly runbook?: string;
  readonly pack?: string;
}

/** The problems that one rule finds in a pack, as a person reads them. */
export function lintRule(
  rule: string,
  { signals, runbook = CAUSES, pack = '' }: Parts,
  tools: LintTools = {}
): string[] {
  const files = {
    'p/pack.yaml': PACK + pack,
    'p/signals/s.yaml': signals,
    'p/r.yaml': RUNBOOK + runbook,
  };
  const loaded = loadPack(files, 'p');
  const problems = loaded.ok ? lintPacks([loaded], { checks: CHECKS, ...tools }) : loaded.problems;
  if (!loaded.ok && !problems.some((problem) => problem.rule === rule)) {
    throw new Error(problems.map(formatProblem).join('\n'));
  }
  return problems.filter((problem) => problem.rule === rule).map(formatProblem);
}
