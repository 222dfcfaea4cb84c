import { useEffect, useMemo, useState } from 'react';
import { onsetBounds, onsetKeys, plan, type OutcomeMap } from '@live-runbooks/engine';
import { evaluate, type Asks } from './evaluate';
import type { Evaluation, Question } from './evaluation';

const NOTHING: OutcomeMap = new Map();

/**
 * When the symptoms and changes that are present began, for `changesAt`: asked once for each set of them, and not at every refresh.
 * Nothing is asked where nothing changed. Undefined until it is known.
 */
export function useOnsets(
  sources: Asks,
  question: Question | undefined,
  evaluation: Evaluation | undefined,
  clock: () => number
): OutcomeMap | undefined {
  const whole = evaluation?.progress.whole ?? false;
  const keys = useMemo(() => {
    if (!whole || !evaluation || !question) {
      return undefined;
    }
    const { bounds, estate } = question;
    return onsetKeys(evaluation.diagnoses, { bounds, estate, outcomes: evaluation.outcomes }).join('\n');
  }, [question, evaluation, whole]);
  const [known, setKnown] = useState<{ question: Question; keys: string; outcomes: OutcomeMap }>();

  useEffect(() => {
    if (!keys || !question) {
      return undefined;
    }
    const bounds = onsetBounds(question.bounds, keys.split('\n'));
    const asked = { bounds, plan: plan(bounds), only: [], at: question.at };
    const subscription = evaluate(sources, asked, clock).subscribe(({ progress, outcomes }) => {
      if (progress.done) {
        setKnown({ question, keys, outcomes });
      }
    });
    return () => subscription.unsubscribe();
  }, [sources, question, keys, clock]);

  return keys === '' ? NOTHING : known?.question === question && known?.keys === keys ? known?.outcomes : undefined;
}
