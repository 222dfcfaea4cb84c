import { useCallback, useEffect, useRef, useState } from 'react';
import { evaluate, type Asks } from './evaluate';
import type { Evaluation, Known, Question } from './evaluation';

/** Answers of a question that has grown are not asked again when they are younger than this. Seconds. */
const FRESH_SECONDS = 30;

export interface Running {
  /** Undefined until the question is known. */
  readonly evaluation: Evaluation | undefined;
  /** Asks again now. */
  readonly again: () => void;
}

/**
 * Evaluates a question, and again every `everySeconds` after the answer before (0 is once), while the page is visible.
 * The answers before stand until they are replaced, so nothing flickers; another question starts from nothing, unless it is made
 * of the same and has only grown: then only what is new is asked.
 */
export function useEvaluation(
  sources: Asks,
  wanted: Question | undefined,
  everySeconds: number,
  clock: () => number
): Running {
  const [state, setState] = useState<Past>();
  const [asked, setAsked] = useState(0);
  const question = useWhole(wanted, state);
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
    const before = knownBefore(latest.current, question, clock());
    const subscription = evaluate(sources, question, clock, before).subscribe((evaluation) =>
      setState({ question, evaluation })
    );
    return () => subscription.unsubscribe();
  }, [sources, question, asked, clock]);

  const current = state && question && isSame(state.question, question) ? state.evaluation : undefined;
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

/** A question that grows while it is answered is asked when the answer is whole: what is under way would be asked twice else. */
function useWhole(wanted: Question | undefined, last: Past | undefined): Question | undefined {
  const [asked, setAsked] = useState(wanted);
  const isUnderWay =
    asked !== undefined &&
    wanted !== undefined &&
    isSame(asked, wanted) &&
    !(last?.question === asked && last.evaluation.progress.done);
  const question = isUnderWay ? asked : wanted;
  if (question !== asked) {
    setAsked(question);
  }
  return question;
}

interface Past {
  readonly question: Question;
  readonly evaluation: Evaluation;
}

function knownBefore(last: Past | undefined, question: Question, now: number): Known | undefined {
  if (last === undefined || !isSame(last.question, question)) {
    return undefined;
  }
  const { readings, beside, progress } = last.evaluation;
  const isYoung = progress.done && now - progress.startedAt < FRESH_SECONDS * 1000;
  return { readings, beside, ...(last.question !== question && isYoung ? { fresh: progress } : {}) };
}

/** Whether the answers to the one are answers to the other, as far as they go. */
function isSame(one: Question, other: Question): boolean {
  return one === other || (one.of !== undefined && one.of === other.of && one.at === other.at);
}
