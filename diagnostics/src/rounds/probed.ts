/**
 * A target without a held connection: each round probes it once, and its checks read what the probe brought. The first
 * check judges the probe itself; the others are unknown while the probe brought nothing.
 */
import type { CheckResult } from '@live-runbooks/engine';
import { type Check, type PreparedCheck, type TargetKind, Unanswered, toResult, toUnknown } from '../model/check';
import { elapsedMs } from '../model/clock';
import { type Deadline, DeadlineExceeded, deadlineIn } from '../model/deadline';
import { reasonOf } from '../model/failure';
import type { Target } from '../model/round';
import { describe } from '../model/thrown';
import { InOrder } from './in-order';
import { Remembered } from './remembered';
import { summarise } from './summarise';

interface Reached {
  readonly class: string;
  readonly message: string;
  /** What to do, when what happened says more about it than the class. */
  readonly mend?: string;
}

export interface Probed<R extends Reached, Context> {
  readonly reached: R;
  /** Left out when there is nothing that the checks could read. */
  readonly context?: Context;
}

export interface ProbedTargetOptions<R extends Reached, Context> {
  readonly kind: TargetKind;
  readonly id: string;
  readonly title: string | undefined;
  /** `checks` of the target's configuration. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly availability: Check<R>;
  readonly asked: ReadonlyArray<Check<Context>>;
  /** Asks once, by the deadline. An error that it rejects with is a defect, and is told as class `unknown`. */
  readonly probe: (deadline: Deadline, now: number) => Promise<Probed<R, Context>>;
  /** What the availability check is told when the probe is defective. */
  readonly broken: (message: string) => R;
  readonly mend: (failureClass: string) => string;
  /** Errors of the checks in the words of the kind; undefined: not one of those. */
  readonly explain?: (error: unknown, privilege: string) => Why | undefined;
  readonly close?: () => void;
}

type Why = Parameters<typeof toUnknown>[1];

/** Below this there is no time left to ask anything. */
const TOO_LATE_MS = 30;
/** What is left of the round after the probe, to answer with. */
const MARGIN_MS = 60;

export function probedTarget<R extends Reached, Context>(options: ProbedTargetOptions<R, Context>): Target {
  const { kind, id, probe, mend } = options;
  const title = options.title ?? id;
  const inOrder = new InOrder();
  const remembered = new Remembered();
  const settingsOf = (check: string): { enabled: boolean; options: Record<string, unknown> } => {
    const { enabled = true, ...rest } = (options.settings[check] ?? {}) as Record<string, unknown>;
    return { enabled: enabled !== false, options: rest };
  };
  const first = options.availability.prepare(settingsOf(options.availability.id).options);
  const asked = options.asked
    .filter((check) => settingsOf(check.id).enabled)
    .map((check) => check.prepare(settingsOf(check.id).options));

  const run = async (
    check: PreparedCheck<Context>,
    { reached, context }: Probed<R, Context>,
    deadline: Deadline
  ): Promise<CheckResult> => {
    const askedAt = Date.now();
    const startedAt = performance.now();
    const timing = () => ({ askedAt, tookMs: elapsedMs(startedAt) });
    if (context === undefined) {
      const { class: is, message } = reached;
      const why = {
        reason: reasonOf(is),
        summary: `not asked: ${is}: ${message}`,
        mend: reached.mend ?? mend(is),
      };
      return toUnknown(check, why, timing());
    }
    if (deadline.left() < TOO_LATE_MS) {
      return toUnknown(check, OUT_OF_TIME, timing());
    }
    try {
      return toResult(check, await check.run(context), timing());
    } catch (error) {
      const why = options.explain?.(error, check.description.privilege) ?? explain(error);
      return toUnknown(check, why, timing());
    }
  };

  const take: Target['take'] = ({ budgetMs, only }) =>
    inOrder.run(async () => {
      const deadline = deadlineIn(budgetMs);
      const startedAt = Date.now();
      const started = performance.now();
      const probed = await probe(deadline.within(Math.max(0, deadline.left() - MARGIN_MS)), startedAt).catch(
        (error: unknown): Probed<R, Context> => ({ reached: options.broken(describe(error).message) })
      );
      const timing = { askedAt: startedAt, tookMs: elapsedMs(started) };
      const available = toResult(first, await first.run(probed.reached), timing);
      if (probed.context === undefined) {
        remembered.forget();
      }
      const results: CheckResult[] = [];
      for (const check of asked) {
        if (only !== undefined && !only.includes(check.description.id)) {
          continue;
        }
        const known = only === undefined && probed.context !== undefined ? remembered.instead(check) : undefined;
        const result = known ?? (await run(check, probed, deadline));
        results.push(result);
        if (known === undefined && probed.context !== undefined) {
          remembered.keep(result);
        }
      }
      return summarise({
        target: id,
        kind,
        title,
        class: probed.reached.class,
        startedAt,
        tookMs: elapsedMs(started),
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

const OUT_OF_TIME = {
  reason: 'timeout',
  summary: 'not asked: the time of the round was used up before',
  mend: 'The server answers slowly; see its availability check.',
} as const;

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
