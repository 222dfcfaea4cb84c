/** What the symptoms of a runbook say: whether anything is wrong, since when, and whether it is over. */
import type { CompiledRunbook } from '../compiled/model';
import { outcomeWords } from '../wording/facts';
import type { OutcomeMap } from '../model/bound';
import type { RunbookDiagnosis } from '../model/diagnosis';
import type { Outcome } from '../model/outcome';
import type { Slots } from './weigh';

/** One present symptom is a problem; an unknown one is never healthy. */
export function stateOf(symptoms: readonly Outcome[]): RunbookDiagnosis['state'] {
  let unknown = false;
  for (const { state, reason } of symptoms) {
    if (state === 'present') {
      return 'problem';
    }
    unknown ||= state === 'unknown' && reason !== 'not-applicable';
  }
  // Symptoms that all do not apply have shown nothing either.
  return unknown || symptoms.every(({ state }) => state === 'unknown') ? 'unknown' : 'healthy';
}

/**
 * Whether every present symptom is known to be over in the last part of its window. What is measured over the window still
 * shows it then, and so does the evidence: it tells of the past, and would accuse whatever happened since.
 */
export function isRecovering(runbook: CompiledRunbook, symptoms: readonly Outcome[], outcomes: OutcomeMap): boolean {
  return symptoms.every(({ state }, index) => {
    const recent = runbook.recent.get(runbook.symptoms[index] ?? -1);
    return state !== 'present' || (recent !== undefined && outcomes.get(recent)?.state === 'absent');
  });
}

/** When the first present symptom began, in ms; undefined when none says. */
export function earliest(outcomes: readonly Outcome[]): number | undefined {
  let first: number | undefined;
  for (const { state, since } of outcomes) {
    if (state === 'present' && since !== undefined && (first === undefined || since < first)) {
      first = since;
    }
  }
  return first;
}

/** The present symptoms in words. */
export function wrongWords(runbook: CompiledRunbook, slots: Slots): string {
  return runbook.symptoms
    .filter((slot) => slots[slot]?.state === 'present')
    .map((slot) => {
      const signal = runbook.signals[slot]?.signal;
      const outcome = slots[slot];
      return signal && outcome ? outcomeWords(signal, outcome) : '';
    })
    .join('; ');
}
