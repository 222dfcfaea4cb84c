import { formatProblem } from '@live-runbooks/engine/authoring';
import { stringify } from 'yaml';
import { describe, expect, it } from 'vitest';

import { lintSignals } from './lintSignals';

/** The rules that read nothing but the query of a signal. */
const RULES = [
  'gone-series',
  'summed-replicas',
  'no-namespace',
  'pod-matcher',
  'empty-is-health',
  'unguarded-ratio',
  'quantile-without-le',
  'short-window',
  'promql',
  'logql',
];

/** The problems that rules about queries find in a signal, as a person reads them. */
export function problemsOf(signal: Readonly<Record<string, unknown>>): string[] {
  return lintSignals(stringify({ it: { title: 'It', test: { above: 0 }, ...signal } }, { lineWidth: 0 }))
    .filter(({ rule }) => RULES.includes(rule))
    .map(formatProblem);
}

interface Examples {
  /** PromQL that the rule refuses: what was found in shipped packs, and what is usual elsewhere. */
  readonly bad: readonly string[];
  /** PromQL that no rule about queries has anything against. */
  readonly good: readonly string[];
}

/** Tests a rule about queries by what it refuses, at its place, and what it leaves alone. */
export function describeQueryRule(rule: string, { bad, good }: Examples): void {
  describe(rule, () => {
    it.each(bad)('refuses %s', (prometheus) => {
      const found = problemsOf({ prometheus });
      expect(found.join('\n')).toMatch(new RegExp(`^p/signals/s\\.yaml:\\d+:\\d+: error: .*\\[${rule}\\]$`, 'm'));
    });
    it.each(good)('leaves alone %s', (prometheus) => expect(problemsOf({ prometheus })).toEqual([]));
  });
}
