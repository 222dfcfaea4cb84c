/** Last answers of checks that are not asked in every round: the costly ones, and those that are asked on demand. */
import type { CheckResult } from '@live-runbooks/engine';
import { type PreparedCheck, toUnknown } from '../model/check';

/** What could not be answered is asked again sooner: the cause may be gone. */
const UNKNOWN_SECONDS = 10;

export class Remembered {
  private readonly last = new Map<string, { readonly result: CheckResult; readonly at: number }>();

  /** The answer that stands for asking now, with the time at which it was asked; undefined: ask. */
  instead(check: PreparedCheck<never>): CheckResult | undefined {
    const { id, onDemand = false } = check.description;
    const known = this.last.get(id);
    if (onDemand) {
      return known?.result ?? notRun(check);
    }
    if (known === undefined) {
      return undefined;
    }
    const { state, reason } = known.result;
    // A rate has to wait for its second count, and no longer.
    const retry = reason === 'no-series' ? 0 : UNKNOWN_SECONDS;
    const seconds = state === 'unknown' ? Math.min(retry, check.everySeconds) : check.everySeconds;
    return performance.now() - known.at < seconds * 1000 ? known.result : undefined;
  }

  keep(result: CheckResult): CheckResult {
    this.last.set(result.id, { result, at: performance.now() });
    return result;
  }

  /** The server could not be asked: what was known of it may not be true of what comes back. */
  forget(): void {
    this.last.clear();
  }
}

function notRun(check: PreparedCheck<never>): CheckResult {
  const why = {
    reason: 'not-applicable',
    summary: 'not run yet: it runs on demand only',
    mend: `POST /v1/targets/{id}/checks/${check.description.id} runs it.`,
  } as const;
  return toUnknown(check, why, { askedAt: Date.now(), tookMs: 0 });
}
