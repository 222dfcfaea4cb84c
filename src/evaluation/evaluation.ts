/**
 * One evaluation of a plan, as it grows. Answers are folded in as they arrive; everything that a page shows is derived
 * from `readings` by the engine, so a page never holds a fact of its own.
 */
import {
  diagnose,
  judgeAll,
  seenWithout,
  triage,
  type BoundPack,
  type Estate,
  type Fading,
  type OutcomeMap,
  type Plan,
  type Reading,
  type RunbookDiagnosis,
  type Seen,
  type Triage,
  type Unread,
} from '@live-runbooks/engine';
import type { Beside as BesidePart, QueryReading } from '@live-runbooks/sources';
import { SERVICE, unreadNow } from '../estate/home';

export interface Question {
  readonly bounds: readonly BoundPack[];
  readonly plan: Plan;
  /** Ids of the runbooks to diagnose, as `<pack>/<runbook>`; all of the bound packs when absent. */
  readonly only?: readonly string[];
  /**
   * Whether everything is looked at, all checks and all alerts, and not only what the plan asks: nothing is called fine beside
   * something red. What belongs to runbooks of `others`, packs that are not looked at, is left out.
   */
  readonly everything?: { readonly others: readonly BoundPack[]; readonly unread?: readonly Unread[] };
  /** The components among the bound packs, and what depends on what. */
  readonly estate?: Estate;
  /** Of what it is made. Where two questions are made of the same, what one was answered stands for the other. */
  readonly of?: unknown;
  /** Requests that were sent to learn what to ask: they belong to the first look. */
  readonly requestsBefore?: number;
  /** The past, in ms since the epoch; absent is now. */
  readonly at?: number;
}

export interface Progress {
  /** Planned queries that were answered in this evaluation, and all of them. */
  readonly answered: number;
  readonly total: number;
  /** Requests that were sent for it, as far as it has come. */
  readonly requests: number;
  readonly startedAt: number;
  /** From the first request to the latest answer, without the time in which nothing was asked. */
  readonly tookMs: number;
  readonly done: boolean;
  /** Every query and everything beside the queries has an answer, of this evaluation or of the one before: a refresh does not unsettle the page. */
  readonly whole: boolean;
}

export interface Evaluation {
  /** The moment that was judged: `at`, or when this evaluation started. */
  readonly judgedAt: number;
  readonly readings: ReadonlyMap<string, Reading>;
  readonly beside: Beside;
  readonly outcomes: OutcomeMap;
  readonly diagnoses: readonly RunbookDiagnosis[];
  readonly triage: Triage;
  readonly progress: Progress;
}

export type Answer = QueryReading | BesidePart;

/** What was learnt beside the queries, as far as it has arrived. */
export interface Beside {
  readonly rounds?: Extract<BesidePart, { beside: 'rounds' }>;
  readonly alerts?: Extract<BesidePart, { beside: 'alerts' }>;
}

/** What stands from the evaluation before until it is replaced. */
export type Known = Pick<Evaluation, 'readings' | 'beside'> & {
  /** It is so new that only what is missing is asked; and what it cost. */
  readonly fresh?: { readonly requests: number; readonly tookMs: number };
};

/** What is known when a round of questions starts: the answers of the round before stand until they are replaced. */
export interface Round {
  readonly readings: ReadonlyMap<string, Reading>;
  readonly beside: Beside;
  /** Ids of the queries, and names of the parts beside them. */
  readonly answered: ReadonlySet<string>;
  readonly startedAt: number;
  readonly latestAt: number;
  /** What the answers took that stand from before, ms. */
  readonly tookBefore: number;
  readonly done: boolean;
}

export function startRound(question: Question, now: number, before?: Known): Round {
  const asked = new Set(question.plan.queries.map((q) => q.id));
  const kept = [...(before?.readings ?? [])].filter(([id]) => asked.has(id));
  const beside = (question.everything && before?.beside) ?? {};
  return {
    readings: new Map(kept),
    beside,
    answered: new Set(before?.fresh ? [...kept.map(([id]) => id), ...Object.keys(beside)] : []),
    startedAt: now,
    latestAt: now,
    tookBefore: before?.fresh?.tookMs ?? 0,
    done: false,
  };
}

/** What is still to be asked. */
export function openOf({ answered }: Round, { plan, everything }: Question): { plan: Plan; everything: boolean } {
  const isOpen = ({ id }: Plan['queries'][number]) => !answered.has(id);
  return {
    plan: {
      ...plan,
      queries: plan.queries.filter(isOpen),
      requests: plan.requests.map((request) => ({ ...request, queries: request.queries.filter(isOpen) })),
    },
    everything: everything !== undefined && !(answered.has('rounds') && answered.has('alerts')),
  };
}

export function takeAnswers(round: Round, question: Question, answers: readonly Answer[], now: number): Round {
  const readings = new Map(round.readings);
  const answered = new Set(round.answered);
  let { beside } = round;
  for (const answer of answers) {
    if ('beside' in answer) {
      beside = { ...beside, [answer.beside]: answer };
      answered.add(answer.beside);
    } else {
      readings.set(answer.query, question.at === undefined ? answer.reading : notRecalled(answer.reading));
      answered.add(answer.query);
    }
  }
  return { ...round, readings, beside, answered, latestAt: answers.length > 0 ? now : round.latestAt };
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

/** What is not there (yet) is unread, and nothing is fine meanwhile. A service that fails is told once, whatever it was asked for. */
function seenOf({ rounds, alerts }: Beside, more: readonly Unread[] = [], at?: number): Seen {
  const ofService = rounds?.unread ?? [{ what: SERVICE, ...NO_ANSWER }];
  return {
    rounds: rounds?.rounds ?? [],
    alerts: alerts?.alerts ?? [],
    unread: [
      ...ofService,
      ...(alerts?.unread ?? [{ what: 'the alert rules', ...NO_ANSWER }]),
      ...(at === undefined ? unreadNow(more, rounds?.unread) : more).filter(
        ({ mend }) => !ofService.some((failure) => failure.mend === mend)
      ),
    ],
  };
}

/** Of what was asked beside the queries and has not come. */
export const NO_ANSWER: Omit<Unread, 'what'> = {
  reason: 'query-error',
  detail: 'there is no answer',
  mend: 'Refresh to ask again.',
};

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
  const { rounds, alerts } = round.beside;
  return {
    ...round,
    readings,
    beside: {
      ...(rounds && round.answered.has('rounds') ? { rounds } : {}),
      ...(alerts && round.answered.has('alerts') ? { alerts } : {}),
    },
    done: true,
  };
}

/** @param requests sent for this round so far */
export function judgeRound(round: Round, question: Question, requests: number): Evaluation {
  const { bounds, plan, only, at, everything } = question;
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
    beside: round.beside,
    outcomes,
    diagnoses,
    triage: triageOf({ judgedAt, beside: round.beside, outcomes, diagnoses }, question),
    progress: {
      answered: plan.queries.filter(({ id }) => round.answered.has(id)).length,
      total: plan.queries.length,
      requests,
      startedAt: round.startedAt,
      tookMs: round.tookBefore + round.latestAt - round.startedAt,
      done: round.done,
      whole:
        round.done ||
        (plan.queries.every((query) => round.readings.has(query.id)) &&
          (!everything || (round.beside.rounds !== undefined && round.beside.alerts !== undefined))),
    },
  };
}

/** The evaluation with what is known of the past: what fades is explained by the causes after which it does. */
export function withFading(evaluation: Evaluation, question: Question, fading: readonly Fading[]): Evaluation {
  return fading.length === 0 ? evaluation : { ...evaluation, triage: triageOf(evaluation, question, fading) };
}

function triageOf(
  { judgedAt, beside, outcomes, diagnoses }: Pick<Evaluation, 'judgedAt' | 'beside' | 'outcomes' | 'diagnoses'>,
  { bounds, everything, estate, at }: Question,
  fading?: readonly Fading[]
): Triage {
  const seen = everything && seenWithout(bounds, everything.others, seenOf(beside, everything.unread, at));
  return triage(bounds, diagnoses, outcomes, judgedAt, seen, estate, fading);
}
