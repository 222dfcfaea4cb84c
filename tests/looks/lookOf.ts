/** A look at an evaluation, and what a pack's test can be written from. */
import type { Outcome, OutcomeMap } from '@live-runbooks/engine';
import type { Evaluation } from '../../src/evaluation/evaluation';
import { triageHeadline } from '../../src/view/headline';
import type { Look } from './look';

export function lookOf(evaluation: Evaluation): Look {
  const { triage, diagnoses, outcomes, progress, judgedAt } = evaluation;
  const headline = triageHeadline(evaluation);
  return {
    at: judgedAt,
    state: triage.state,
    recovering: triage.recovering ?? false,
    word: headline?.wording.word ?? '',
    sentence: headline?.sentence ?? '',
    suspects: triage.suspects.map((suspect) => ({
      causes: [suspect, ...suspect.alsoIn].map(({ pack, runbook, cause }) => `${pack}/${runbook}/${cause}`),
      verdict: suspect.verdict,
      score: Math.round(suspect.score * 10) / 10,
      says: suspect.says,
      ...(suspect.explainedBy ? { explainedBy: `${suspect.explainedBy.runbook}/${suspect.explainedBy.cause}` } : {}),
    })),
    symptoms: diagnoses.flatMap(({ pack, symptoms }) =>
      symptoms.filter(({ state }) => state === 'present').map(({ signal }) => `${pack}/${signal}`)
    ),
    unknown: [...outcomes.values()].filter(({ state }) => state === 'unknown').length,
    tookMs: progress.tookMs,
  };
}

/** Outcomes as `tests/packs/recorded` keeps them: what a pack's test can be written from. */
export function recordable(outcomes: OutcomeMap): Record<string, Omit<Outcome, 'signal' | 'askedAt' | 'tookMs'>> {
  return Object.fromEntries(
    [...outcomes].map(([key, { signal: _signal, askedAt: _askedAt, tookMs: _tookMs, ...rest }]) => [key, rest])
  );
}
