import type { IconName } from '@grafana/data';
import type { Reading } from '@live-runbooks/engine';
import type { SourceHealth } from '@live-runbooks/sources';
import type { Evaluation, Question } from '../evaluation/evaluation';
import type { Tone } from '../words/verdict';
import type { KnownHealth } from './sourceHealth';

/** One entry of the strip that says what can be seen at all. */
export interface SourceState {
  readonly id: string;
  readonly title: string;
  readonly word: string;
  readonly icon: IconName;
  readonly tone: Tone;
  readonly detail: string;
  readonly mend?: string;
}

export const TITLES = { prometheus: 'Prometheus', loki: 'Loki', diagnostics: 'Diagnostics' } as const;

export const HEALTH: Readonly<Record<SourceHealth['state'], Pick<SourceState, 'word' | 'icon' | 'tone'>>> = {
  reachable: { word: 'answers', icon: 'check-circle', tone: 'good' },
  forbidden: { word: 'not permitted', icon: 'lock', tone: 'warning' },
  missing: { word: 'not configured', icon: 'circle', tone: 'unknown' },
  unreachable: { word: 'unreachable', icon: 'exclamation-circle', tone: 'critical' },
};

const IN_PART: Pick<SourceState, 'word' | 'icon' | 'tone'> = {
  word: 'answers in part',
  icon: 'exclamation-triangle',
  tone: 'warning',
};

/** The databases and caches that the diagnostics service looks at, then the sources themselves. */
export function sourceStates(
  health: readonly KnownHealth[],
  question: Question | undefined,
  evaluation: Evaluation | undefined
): SourceState[] {
  // A target that this page does not ask about would only be shown as not known.
  const asked = new Set(question?.plan.queries.map((q) => q.target));
  const targets = (health.find((h) => h.source === 'diagnostics')?.targets ?? []).filter((t) => asked.has(t.id));
  return [
    ...targets.map((target) => targetState(target, availability(target.id, question, evaluation))),
    ...health.map((h) => ({
      id: h.source,
      title: TITLES[h.source],
      ...(h.partly ? IN_PART : HEALTH[h.state]),
      detail: h.detail,
      mend: h.mend,
    })),
  ];
}

function targetState(target: { id: string; title: string }, reading: Reading | undefined): SourceState {
  const base = { id: target.id, title: target.title };
  if (reading?.kind === 'check' && reading.check.state !== 'unknown') {
    const up = reading.check.state === 'ok';
    return {
      ...base,
      word: up ? 'up' : reading.check.state === 'warning' ? 'degraded' : 'down',
      icon: up ? 'check-circle' : 'exclamation-circle',
      tone: up ? 'good' : reading.check.state === 'warning' ? 'warning' : 'critical',
      detail: reading.check.summary,
      mend: reading.check.mend,
    };
  }
  const why = reading?.kind === 'failure' ? reading : reading?.kind === 'check' ? reading.check : undefined;
  return {
    ...base,
    word: 'not known',
    icon: 'question-circle',
    tone: 'unknown',
    detail: (why && ('detail' in why ? why.detail : why.summary)) ?? 'Its availability has not been asked',
    mend: why?.mend,
  };
}

/** What the target's availability check said, if this evaluation asked it. */
function availability(
  target: string,
  question: Question | undefined,
  evaluation: Evaluation | undefined
): Reading | undefined {
  const query = question?.plan.queries.find(
    (q) => q.source === 'diagnostics' && q.target === target && q.check?.endsWith('.availability')
  );
  return query && evaluation?.readings.get(query.id);
}
