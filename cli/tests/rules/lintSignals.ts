import { formatProblem, lintPacks, loadPack, type Problem } from '@live-runbooks/engine/authoring';

import { lintTools } from '../../src/lintTools';

const PACK = `id: p
title: P
description: D
params:
  window: { title: Window, kind: duration, default: 5m }
  scrape: { title: Scrape interval, kind: duration, default: 15s }
  api: { title: API, kind: selector, default: 'job="api"' }
  namespace: { title: Namespace, kind: value, default: shop }
  deployment: { title: Deployment, kind: value, default: shop-api }
  queue_depth: { title: Queue, kind: metric, thing: queue, default: queue_length }
`;
const RUNBOOK = `id: r
title: R
summary: S
area: a
service: s
severity: warning
symptoms: [it]
`;

interface Cause {
  readonly says?: string;
  readonly evidence?: ReadonlyArray<Readonly<Record<string, string>>>;
}
const CAUSE: Cause & { readonly title: string; readonly fixes: readonly string[] } = {
  title: 'C',
  says: 'C',
  evidence: [{ signal: 'it', present: 'strong' }],
  fixes: [],
};

/**
 * Every problem that lint finds in a pack with these signals (YAML, in `p/signals/s.yaml`; `it` is the symptom) and one
 * cause. Errors: the pack does not load.
 */
export function lintSignals(signals: string, cause: Cause = {}): readonly Problem[] {
  const loaded = loadPack(
    {
      'p/pack.yaml': PACK,
      'p/signals/s.yaml': signals,
      'p/r.yaml': `${RUNBOOK}causes: ${JSON.stringify({ c: { ...CAUSE, ...cause } })}\n`,
    },
    'p'
  );
  if (!loaded.ok) {
    throw new Error(loaded.problems.map(formatProblem).join('\n'));
  }
  return lintPacks([loaded], lintTools);
}
