/**
 * One evaluation of a plan, as it grows. Answers are folded in as they arrive; everything that a page shows is derived
 * from `readings` by the engine, so a page never holds a fact of its own.
 */
import {
  diagnose,
  judgeAll,
  triage,
  type BoundPack,
  type OutcomeMap,
  type Plan,
  type Reading,
  type RunbookDiagnosis,
  type Triage,
} from '@live-runbooks/engine';

export interface Question {
  readonly bounds: readonly BoundPack[];
  readonly plan: Plan;
  /** Ids of the runbooks to diagnose, as `<pack>/<runbook>`; all of the bound packs when absent. */
  readonly only?: readonly string[];
  /** The past, in ms since the epoch; absent is now. */
  readonly at?: number;
}

export interface Progress {
  /** Planned queries that were answered in this evaluation, and all of them. */
  readonly answered: number;
  readonly total: number;
  /** Requests that the plan is grouped into. */
  readonly requests: number;
  readonly startedAt: number;
  /** From the first request to the latest answer. */
  readonly tookMs: number;
  readonly done: boolean;
  /** Every query has an answer, of this evaluation or of the one before: a refresh does not unsettle the page. */
  readonly whole: boolean;
}

export interface Evaluation {
  /** The moment that was judged: `at`, or when this evaluation started. */
  readonly judgedAt: number;
  readonly readings: ReadonlyMap<string, Reading>;
  readonly outcomes: OutcomeMap;
  readonly diagnoses: readonly RunbookDiagnosis[];
  readonly triage: Triage;
  readonly progress: Progress;
}

export interface Answer {
  readonly query: string;
  readonly reading: Reading;
}

/** What is known when a round of questions starts: the answers of the round before stand until they are replaced. */
export interface Round {
  readonly readings: ReadonlyMap<string, Reading>;
  readonly answered: ReadonlySet<string>;
  readonly startedAt: number;
  readonly latestAt: number;
  readonly done: boolean;
}

export function startRound(question: Question, now: number, before?: ReadonlyMap<string, Reading>): Round {
  const asked = new Set(question.plan.queries.map((q) => q.id));
  const kept = [...(before ?? [])].filter(([id]) => asked.has(id));
  return { readings: new Map(kept), answered: new Set(), startedAt: now, latestAt: now, done: false };
}

export function takeAnswers(round: Round, question: Question, answers: readonly Answer[], now: number): Round {
  const readings = new Map(round.readings);
  const answered = new Set(round.answered);
  for (const { query, reading } of answers) {
    readings.set(query, question.at === undefined ? reading : notRecalled(reading));
    answered.add(query);
  }
  return { ...round, readings, answered, latestAt: answers.length > 0 ? now : round.latestAt };
}

/**
 * A source without a memory says that a question about the past does not apply to it. For the person who asks it is
 * blindness all the same, and may not count as nothing to see.
 */
function notRecalled(reading: Reading): Reading {
  return reading.kind === 'failure' && reading.reason === 'not-applicable'
    ? { ...reading, reason: 'not-configured' }
    : reading;
}

/** Ends a round: a query without an answer is a failure, and an answer of an earlier round does not stand in for it. */
export function endRound(round: Round, question: Question, why?: string): Round {
  const readings = new Map(round.readings);
  for (const query of question.plan.queries) {
    if (!round.answered.has(query.id)) {
      readings.set(query.id, {
        kind: 'failure',
        reason: 'query-error',
        detail: why ?? 'The source gave no answer to this query',
        mend: 'Try again. If it stays, look at the data source and the diagnostics service under Configuration.',
        askedAt: round.startedAt,
        tookMs: 0,
      });
    }
  }
  return { ...round, readings, done: true };
}

export function judgeRound(round: Round, question: Question): Evaluation {
  const { bounds, plan, only, at } = question;
  const judgedAt = at ?? round.latestAt;
  const outcomes = judgeAll(bounds, plan, round.readings, judgedAt);
  const diagnoses = bounds.flatMap((bound) =>
    bound.pack.runbooks
      .filter((runbook) => !only || only.includes(`${bound.pack.id}/${runbook.id}`))
      .map((runbook) => diagnose(bound, runbook.id, outcomes, judgedAt))
  );
  return {
    judgedAt,
    readings: round.readings,
    outcomes,
    diagnoses,
    triage: triage(bounds, diagnoses, outcomes, judgedAt),
    progress: {
      answered: round.answered.size,
      total: plan.queries.length,
      requests: plan.requests.length,
      startedAt: round.startedAt,
      tookMs: round.latestAt - round.startedAt,
      done: round.done,
      whole: round.done || plan.queries.every((query) => round.readings.has(query.id)),
    },
  };
}
