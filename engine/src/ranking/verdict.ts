/** How sure the ranking is of one cause, in words: its thresholds, and what is said when none reaches them. */
import { DECIBANS } from '../compiled/decibans';
import type { CompiledCause } from '../compiled/model';
import type { RunbookDiagnosis } from '../model/diagnosis';
import type { Verdict } from '../model/pack';
import type { Slots, Weighed } from './weigh';
import { round } from './round';

/** Decibans. */
export const LIKELY = 10;
const POSSIBLE = 4;
const REFUTED = -13;
/** Below this share of known evidence a low score means "cannot assess", not "unlikely". */
const COVERAGE_FLOOR = 1 / 3;
/** `likely` without decisive support needs this share of the evidence known. */
const COVERAGE_LIKELY = 1 / 2;
/** `likely` needs this much of present evidence that is no symptom: elimination alone names a suspect, never a culprit. */
const PROOF_LIKELY = DECIBANS.strong;

/** A cause of the runbook with its score and what that score amounts to. */
export interface Entry {
  readonly compiled: CompiledCause;
  readonly weighed: Weighed;
  readonly verdict: Verdict;
}

/** The verdict of a score, as if something were wrong; `gate` asks whether it is. `wanted`: sources that proof needs. */
export function verdictOf(weighed: Weighed, wanted = 1): Verdict {
  const { score, coverage, decisiveFor, decisiveAgainst, fits, proof, witnesses } = weighed;
  if (decisiveAgainst || score <= REFUTED) {
    return 'refuted';
  }
  // Elimination is an argument too, once what was eliminated has been seen.
  const supported = weighed.supported || (fits && coverage >= COVERAGE_LIKELY);
  const proven = proof >= PROOF_LIKELY && witnesses >= wanted;
  if (supported && proven && score >= LIKELY && (decisiveFor || coverage >= COVERAGE_LIKELY)) {
    return 'likely';
  }
  if (supported && score >= POSSIBLE) {
    return 'possible';
  }
  return coverage < COVERAGE_FLOOR ? 'cannot-assess' : 'unlikely';
}

/** A cause may stand ready (a new version runs) without any harm being there: then it is no suspect. */
export function gate(verdict: Verdict, state: RunbookDiagnosis['state']): Verdict {
  if (state === 'problem' || verdict === 'refuted') {
    return verdict;
  }
  return state === 'healthy' ? 'unlikely' : 'cannot-assess';
}

/** How likely it is that no listed cause is to blame; the score is that of the hypothesis, in decibans. */
export function noneOfThese(
  ranked: readonly Entry[],
  leaders: readonly Entry[],
  state: RunbookDiagnosis['state'],
  verdict: Verdict
): RunbookDiagnosis['noneOfThese'] {
  const top = leaders[0];
  let strongest = REFUTED;
  for (const entry of ranked) {
    if (entry.verdict !== 'refuted') {
      strongest = Math.max(strongest, entry.weighed.score);
    }
  }
  const score = round(POSSIBLE - strongest);
  if (state !== 'problem') {
    return { verdict: state === 'healthy' ? 'unlikely' : 'cannot-assess', score };
  }
  if (top === undefined) {
    return { verdict: verdict === 'cannot-assess' ? 'cannot-assess' : 'likely', score };
  }
  return { verdict: top.verdict === 'likely' ? 'unlikely' : 'possible', score };
}

/** Why nothing leads: nothing is wrong, too little is known, or what is known speaks against every cause. */
export function abstention(
  ranking: { readonly ranked: readonly Entry[] },
  slots: Slots,
  state: RunbookDiagnosis['state']
): Verdict {
  if (state === 'healthy') {
    return 'unlikely';
  }
  if (state === 'unknown' || ranking.ranked.some(({ verdict }) => verdict === 'cannot-assess')) {
    return 'cannot-assess';
  }
  const known = slots.filter((outcome) => outcome.state !== 'unknown').length;
  return known / Math.max(1, slots.length) < COVERAGE_FLOOR ? 'cannot-assess' : 'unlikely';
}
