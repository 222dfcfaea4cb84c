/** What Triage says of a running estate at one moment, evaluated as the page evaluates it, without a browser. */
import type { Outcome, OutcomeMap, Verdict } from '@live-runbooks/engine';
import type { Evaluation } from '../../src/evaluation/evaluation';
import { triageHeadline } from '../../src/view/headline';

interface SeenSuspect {
  /** `<pack>/<runbook>/<cause>` of the suspect itself, and of each place where the same cause was found. */
  readonly causes: readonly string[];
  readonly verdict: Verdict;
  /** Decibans. */
  readonly score: number;
  readonly says: string;
  /** Set when another suspect explains it: it is shown, and accuses nobody. */
  readonly explainedBy?: string;
}

export interface Look {
  /** ms since the epoch. */
  readonly at: number;
  readonly state: Evaluation['triage']['state'];
  readonly recovering: boolean;
  /** The headline's verdict and sentence. */
  readonly word: string;
  readonly sentence: string;
  readonly suspects: readonly SeenSuspect[];
  /** Present symptoms, `<pack>/<signal>`: what the look is about, also where no cause is suspected. */
  readonly symptoms: readonly string[];
  /** Signals that could not be answered. */
  readonly unknown: number;
  /** The evaluation's duration, ms. */
  readonly tookMs: number;
}

/** Suspects that a reader takes for the cause: nothing stronger explains them. */
export const leadersOf = (look: Look): readonly SeenSuspect[] =>
  look.suspects.filter(({ explainedBy }) => explainedBy === undefined);

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
