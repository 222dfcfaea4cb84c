import { changesAt, type Changes, type OutcomeMap, type RunbookDiagnosis } from '@live-runbooks/engine';
import type { Evaluation, Question } from '../evaluation/evaluation';

/** What changed around the trouble of a runbook. Undefined where there is nothing to tell, and until it is known when it changed. */
export function changesOf(
  diagnosis: RunbookDiagnosis,
  { bounds, estate }: Question,
  { outcomes }: Evaluation,
  onsets: OutcomeMap | undefined
): Changes | undefined {
  return onsets && changesAt(diagnosis, { bounds, outcomes, estate }, onsets);
}
