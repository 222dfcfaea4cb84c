/**
 * A target whose defect stays its own. A round never rejects, by contract; where one does all the same, the answer is a
 * round in which nothing is known, with the reason, and the others are answered as if nothing had happened.
 */
import { allChecks } from '../checks';
import { toUnknown } from '../model/check';
import { elapsedMs } from '../model/clock';
import type { TakenRound, Target } from '../model/round';
import { describe } from '../model/thrown';
import { summarise } from './summarise';

export function sheltered(target: Target, onDefect: (error: unknown) => void): Target {
  return {
    ...target,
    async take(options) {
      const [startedAt, started] = [Date.now(), performance.now()];
      try {
        return await target.take(options);
      } catch (error) {
        onDefect(error);
        return nothingKnown(target, options.only, describe(error).message, {
          askedAt: startedAt,
          tookMs: elapsedMs(started),
        });
      }
    },
  };
}

function nothingKnown(
  { id, kind, title, checkIds }: Target,
  only: readonly string[] | undefined,
  message: string,
  timing: { readonly askedAt: number; readonly tookMs: number }
): TakenRound {
  const why = {
    reason: 'query-error',
    summary: `not asked: ${message}`,
    mend: 'Read the message: a file of this target that cannot be read, or a defect of the service; its log has more.',
  } as const;
  const checks = allChecks
    .filter((check) => checkIds.includes(check.id) && (only === undefined || only.includes(check.id)))
    .map((description) =>
      toUnknown(
        { description, threshold: null, everySeconds: 0, run: () => Promise.reject(new Error(message)) },
        why,
        timing
      )
    );
  const { askedAt: startedAt, tookMs } = timing;
  return summarise({ target: id, kind, title, class: 'unknown', startedAt, tookMs, checks });
}
