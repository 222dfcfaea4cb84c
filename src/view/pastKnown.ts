import type { Evaluation, Question } from '../evaluation/evaluation';
import { sentence } from '../words/sentence';

/**
 * What a page about the past can show of the diagnostics service, as a sentence: what it recorded then, or why there is
 * nothing. Undefined while it is awaited, or when nothing of it is asked.
 */
export function pastKnown(question: Question, evaluation: Evaluation | undefined): string | undefined {
  const readings = question.plan.queries
    .filter((query) => query.source === 'diagnostics')
    .flatMap((query) => evaluation?.readings.get(query.id) ?? []);
  const recorded = readings.filter((reading) => reading.kind === 'check').length;
  if (recorded > 0) {
    return recorded === readings.length
      ? 'The diagnostics service shows what it recorded then.'
      : 'The diagnostics service shows what it recorded then; that is not everything.';
  }
  const why = readings.flatMap((reading) => (reading.kind === 'failure' ? [reading.detail] : []))[0];
  return why === undefined ? undefined : sentence(why);
}
