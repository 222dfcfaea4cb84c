/**
 * A target of any kind: each round reaches it once and then runs its checks, one after the other. The availability check
 * judges what was reached; the others are unknown while there is nothing to ask.
 */
import type { CheckResult } from '@live-runbooks/engine';
import {
  type Check,
  type CheckDescription,
  type Finding,
  type PreparedCheck,
  type TargetKind,
  type Timing,
  Unanswered,
  toResult,
  toUnknown,
} from '../model/check';
import { elapsedMs } from '../model/clock';
import { type Deadline, DeadlineExceeded, TOO_LATE_MS, deadlineIn } from '../model/deadline';
import { reasonOf, sayNotAsked } from '../model/failure';
import type { Target } from '../model/round';
import { describe } from '../model/thrown';
import { InOrder } from './inOrder';
import { Remembered } from './remembered';
import { summarise } from './summarise';

interface Reached {
  readonly class: string;
  readonly message: string;
  /** What to do, when what happened says more about it than the class. */
  readonly mend?: string;
}

/** The target was asked once, and the checks read the answers. */
export interface Probed<R extends Reached, Context> {
  readonly reached: R;
  /** Left out when there is nothing that the checks could read. */
  readonly context?: Context;
}

/** The checks ask on a session, and what is reached is known when they have answered. */
export interface OnSession<R extends Reached, Context> {
  readonly context: Context;
  readonly ask: (check: PreparedCheck<Context>) => Promise<Finding>;
  /** Called after each check. What was reached, when the session is lost and no other check can be asked. */
  readonly lost: () => Promise<R | undefined>;
  /** Called after the last check. `void`: the answers of the checks hold no longer. */
  readonly settle: () => Promise<{ readonly reached: R; readonly isVoid: boolean }>;
  /** Called at the end of the round. */
  readonly end: () => Promise<void>;
}

/** The round that reaches the target. */
export interface RoundStart {
  /** Start of the round, ms since the epoch. */
  readonly now: number;
  /** The end of the round, for what the checks ask. */
  readonly deadline: Deadline;
  /** These checks were requested now, so results of earlier rounds are not reused. */
  readonly forced: boolean;
  /** Nobody waits for this round. */
  readonly unasked: boolean;
}

type Why = Parameters<typeof toUnknown>[1];

export interface CheckedTargetOptions<R extends Reached, Context> {
  readonly kind: TargetKind;
  readonly id: string;
  readonly title: string | undefined;
  /** `checks` of the target's configuration. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Options of a check that the configuration sets elsewhere. */
  readonly defaults?: (check: CheckDescription) => Readonly<Record<string, unknown>>;
  readonly availability: Check<R>;
  /** The other checks, in the order in which a round asks them. */
  readonly asked: ReadonlyArray<Check<Context>>;
  /** Reaches the target by the deadline. An error that it rejects with is a defect, and is told as class `unknown`. */
  readonly reach: (deadline: Deadline, round: RoundStart) => Promise<Probed<R, Context> | OnSession<R, Context>>;
  /** What the availability check is told when `reach` is defective. */
  readonly broken: (message: string) => R;
  readonly mend: (reached: R) => string;
  /** Errors of the checks in the words of the kind; undefined: not one of those. */
  readonly explain?: (
    error: unknown,
    privilege: string,
    context: Context
  ) => Why | undefined | Promise<Why | undefined>;
  /** Called with the answers of each round, without that of availability. */
  readonly onResults?: (results: readonly CheckResult[]) => void;
  readonly close?: () => void;
}

interface Answer {
  readonly result: CheckResult;
  /** See `Finding.finish`. */
  readonly finish?: () => Promise<CheckResult>;
}

/** What was reached in the end, and the answers of the checks. */
interface Asked<R> {
  readonly reached: R;
  readonly results: readonly CheckResult[];
}

/** What is left of the round once the target is reached, to answer with. */
const MARGIN_MS = 60;
/** What asking once more, at the end of a round, may take. */
const FINISH_MS = 750;

export function checkedTarget<R extends Reached, Context>(options: CheckedTargetOptions<R, Context>): Target {
  const { kind, id, availability } = options;
  const title = options.title ?? id;
  const inOrder = new InOrder();
  const remembered = new Remembered();
  const settingsOf = (check: CheckDescription): { enabled: boolean; given: Record<string, unknown> } => {
    const { enabled = true, ...given } = (options.settings[check.id] ?? {}) as Record<string, unknown>;
    return { enabled: enabled !== false, given: { ...options.defaults?.(check), ...given } };
  };
  const prepared = <C>(check: Check<C>): PreparedCheck<C> => check.prepare(settingsOf(check).given);
  const first = prepared(availability);
  const asked = options.asked.filter((check) => settingsOf(check).enabled).map(prepared);

  const notAsked = (
    check: PreparedCheck<Context>,
    reached: R,
    timing: Timing = { askedAt: Date.now(), tookMs: 0 }
  ): CheckResult => {
    const mend = reached.mend ?? options.mend(reached);
    return toUnknown(check, { reason: reasonOf(reached.class), summary: sayNotAsked(reached), mend }, timing);
  };

  const run = async (
    check: PreparedCheck<Context>,
    { context, ask }: OnSession<R, Context>,
    deadline: Deadline
  ): Promise<Answer> => {
    const askedAt = Date.now();
    const startedAt = performance.now();
    const timing = () => ({ askedAt, tookMs: elapsedMs(startedAt) });
    if (deadline.left() < TOO_LATE_MS) {
      return { result: toUnknown(check, outOfTime(availability.id), timing()) };
    }
    try {
      const finding = await ask(check);
      const result = toResult(check, finding, timing());
      const { finish } = finding;
      return finish === undefined
        ? { result }
        : { result, finish: async () => toResult(check, await finish(), { askedAt, tookMs: result.tookMs }) };
    } catch (error) {
      const why = await options.explain?.(error, check.description.privilege, context);
      return { result: toUnknown(check, why ?? explain(error), timing()) };
    }
  };

  const askNone = (checks: ReadonlyArray<PreparedCheck<Context>>, reached: R): Asked<R> => {
    remembered.forget();
    return { reached, results: checks.map((check) => notAsked(check, reached)) };
  };

  const askAll = async (
    checks: ReadonlyArray<PreparedCheck<Context>>,
    session: OnSession<R, Context>,
    { deadline, forced, unasked, timing }: RoundStart & { readonly timing: Timing }
  ): Promise<Asked<R>> => {
    const answers: Answer[] = [];
    let down: R | undefined;
    for (const check of checks) {
      if (down !== undefined) {
        answers.push({ result: notAsked(check, down) });
        continue;
      }
      const known = forced ? undefined : remembered.instead(check, unasked);
      const answer = known === undefined ? await run(check, session, deadline) : { result: known };
      answers.push(answer);
      if (known === undefined) {
        remembered.keep(answer.result, check.description.unaskedEvery);
      }
      down = await session.lost();
    }
    const { reached, isVoid } = await session.settle();
    const results: CheckResult[] = [];
    for (const { result, finish } of isVoid ? [] : answers) {
      results.push(finish !== undefined && deadline.left() > FINISH_MS ? await finish().catch(() => result) : result);
    }
    await session.end();
    if (isVoid) {
      remembered.forget();
    }
    return { reached, results: isVoid ? checks.map((check) => notAsked(check, reached, timing)) : results };
  };

  const take: Target['take'] = ({ budgetMs, only, unasked = false }) =>
    inOrder.run(async () => {
      const round = { now: Date.now(), deadline: deadlineIn(budgetMs), forced: only !== undefined, unasked };
      const startedAt = performance.now();
      const begun = await options
        .reach(round.deadline.within(Math.max(0, round.deadline.left() - MARGIN_MS)), round)
        .catch((error: unknown): Probed<R, Context> => ({ reached: options.broken(describe(error).message) }));
      const timing = { askedAt: round.now, tookMs: elapsedMs(startedAt) };
      const wanted = asked.filter((check) => only === undefined || only.includes(check.description.id));
      const opened = openedBy(begun);
      const { reached, results } =
        'down' in opened ? askNone(wanted, opened.down) : await askAll(wanted, opened.session, { ...round, timing });
      options.onResults?.(results);
      const available = toResult(first, await first.run(reached), timing);
      return summarise({
        target: id,
        kind,
        title,
        class: reached.class,
        startedAt: round.now,
        tookMs: elapsedMs(startedAt),
        checks: only === undefined || only.includes(available.id) ? [available, ...results] : results,
      });
    });

  return {
    id,
    kind,
    title,
    checkIds: [first, ...asked].map((check) => check.description.id),
    take,
    close: () => {
      options.close?.();
      return Promise.resolve();
    },
  };
}

/** A probe that brought something is a session that cannot be lost. */
function openedBy<R extends Reached, Context>(
  begun: Probed<R, Context> | OnSession<R, Context>
): { readonly down: R } | { readonly session: OnSession<R, Context> } {
  if ('settle' in begun) {
    return { session: begun };
  }
  const { reached, context } = begun;
  return context === undefined
    ? { down: reached }
    : {
        session: {
          context,
          ask: (check) => check.run(context),
          lost: () => Promise.resolve(undefined),
          settle: () => Promise.resolve({ reached, isVoid: false }),
          end: () => Promise.resolve(),
        },
      };
}

const outOfTime = (availability: string): Why => ({
  reason: 'timeout',
  summary: 'not asked: the time of the round was used up before',
  mend: `The server answers slowly; see ${availability} and the load of its host.`,
});

function explain(error: unknown): Why {
  if (error instanceof Unanswered) {
    return { reason: error.reason, summary: error.message, mend: error.mend };
  }
  const { message } = describe(error);
  if (error instanceof DeadlineExceeded) {
    return { reason: 'timeout', summary: message, mend: 'Ask again; if it recurs, see the availability check.' };
  }
  return {
    reason: 'query-error',
    summary: message,
    mend: 'Read the message; if it does not speak of your server, it is a defect of this check.',
  };
}
