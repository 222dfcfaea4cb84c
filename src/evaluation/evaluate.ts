import { bufferTime, catchError, concat, filter, map, of, scan, type Observable } from 'rxjs';
import type { Plan } from '@live-runbooks/engine';
import {
  endRound,
  judgeRound,
  openOf,
  startRound,
  takeAnswers,
  type Answer,
  type Evaluation,
  type Known,
  type Question,
  type Round,
} from './evaluation';

/** The part of the sources that an evaluation needs. */
export interface Asks {
  evaluate(plan: Plan, when: { at?: number; everything?: boolean }): Observable<Answer>;
  requests(): { readonly sent: number };
}

type Step = { readonly answers: readonly Answer[] } | { readonly end: true; readonly why?: string };

/** Answers that arrive within one frame or so are judged together: a page need not be drawn sixty times a second. */
const GATHER_MS = 60;

/**
 * Asks everything that is not known freshly once, and emits a growing evaluation: at once with what is known from before, then as answers arrive,
 * last with `progress.done`. Never errors: what fails becomes an unknown outcome. Unsubscribing cancels the requests.
 */
export function evaluate(
  sources: Asks,
  question: Question,
  clock: () => number,
  before?: Known
): Observable<Evaluation> {
  const start = startRound(question, clock(), before);
  const { plan, everything } = openOf(start, question);
  const spent = before === undefined ? question.requestsBefore : before.fresh?.requests;
  const sentBefore = sources.requests().sent - (spent ?? 0);
  const steps: Observable<Step> = concat(
    of<Step>({ answers: [] }),
    sources.evaluate(plan, { at: question.at, everything }).pipe(
      bufferTime(GATHER_MS),
      filter((answers) => answers.length > 0),
      map((answers): Step => ({ answers }))
    ),
    of<Step>({ end: true })
  ).pipe(
    catchError((error: unknown) => of<Step>({ end: true, why: error instanceof Error ? error.message : String(error) }))
  );
  return steps.pipe(
    scan(
      (round: Round, step: Step) =>
        'end' in step ? endRound(round, question, step.why) : takeAnswers(round, question, step.answers, clock()),
      start
    ),
    map((round) => judgeRound(round, question, sources.requests().sent - sentBefore))
  );
}
