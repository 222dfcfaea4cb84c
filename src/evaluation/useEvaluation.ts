import { useCallback, useEffect, useRef, useState } from 'react';
import { evaluate, type Asks } from './evaluate';
import type { Evaluation, Question } from './evaluation';

export interface Running {
  /** Undefined until the question is known. */
  readonly evaluation: Evaluation | undefined;
  /** Asks again now. */
  readonly again: () => void;
}

/**
 * Evaluates a question, and again every `everySeconds` after the answer before (0 is once), while the page is visible.
 * The answers before stand until they are replaced, so nothing flickers; another question starts from nothing.
 */
export function useEvaluation(
  sources: Asks,
  question: Question | undefined,
  everySeconds: number,
  clock: () => number
): Running {
  const [state, setState] = useState<{ question: Question; evaluation: Evaluation }>();
  const [asked, setAsked] = useState(0);
  const latest = useRef(state);
  // Before the effect below, which reads it.
  useEffect(() => {
    latest.current = state;
  }, [state]);
  const again = useCallback(() => setAsked((n) => n + 1), []);

  useEffect(() => {
    if (!question) {
      return undefined;
    }
    const before = latest.current?.question === question ? latest.current.evaluation : undefined;
    const subscription = evaluate(sources, question, clock, before).subscribe((evaluation) =>
      setState({ question, evaluation })
    );
    return () => subscription.unsubscribe();
  }, [sources, question, asked, clock]);

  const current = state && state.question === question ? state.evaluation : undefined;
  const done = current?.progress.done ?? false;
  const past = question?.at !== undefined;

  useEffect(() => {
    if (!done || everySeconds <= 0 || past) {
      return undefined;
    }
    const askIfSeen = () => {
      if (document.visibilityState !== 'hidden') {
        again();
      }
    };
    const timer = setTimeout(askIfSeen, everySeconds * 1000);
    // A page that was hidden when its time came asks as soon as it is seen again.
    const due = Date.now() + everySeconds * 1000;
    const onSeen = () => Date.now() >= due && askIfSeen();
    document.addEventListener('visibilitychange', onSeen);
    return () => {
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', onSeen);
    };
  }, [done, everySeconds, past, again, asked]);

  return { evaluation: current, again };
}
