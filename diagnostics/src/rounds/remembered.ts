/** Last answers of checks that are not asked in every round: the costly ones, and those that are asked on demand. */
import type { CheckResult } from '@live-runbooks/engine';
import { type PreparedCheck, toUnknown } from '../model/check';

/** What could not be answered is asked again sooner: the cause may be gone. */
const UNKNOWN_SECONDS = 10;

interface Known {
  readonly result: CheckResult;
  readonly at: number;
  /** Rounds that nobody asked for and that did without asking, since. */
  passedOver: number;
}

export class Remembered {
  private readonly last = new Map<string, Known>();
  private places = 0;

  /**
   * The answer that stands for asking now, with the time at which it was asked; undefined: ask. `unasked`: nobody asks for
   * this round, so what changes slowly and was fine may be older.
   */
  instead(check: PreparedCheck<never>, unasked = false): CheckResult | undefined {
    const { id, onDemand = false, unaskedEvery = 1 } = check.description;
    const known = this.last.get(id);
    if (onDemand) {
      return known?.result ?? notRun(check);
    }
    if (known === undefined) {
      return undefined;
    }
    const { state, reason } = known.result;
    if (unasked && isFine(known.result) && known.passedOver + 1 < unaskedEvery) {
      known.passedOver += 1;
      return known.result;
    }
    // A rate has to wait for its second count, and no longer.
    const retry = reason === 'no-series' ? 0 : UNKNOWN_SECONDS;
    const seconds = state === 'unknown' ? Math.min(retry, check.everySeconds) : check.everySeconds;
    return performance.now() - known.at < seconds * 1000 ? known.result : undefined;
  }

  /** `unaskedEvery` of the check: at first they take turns, so that no round has to ask them all. */
  keep(result: CheckResult, unaskedEvery = 1): CheckResult {
    const isFirst = !this.last.has(result.id);
    const passedOver = isFirst ? this.places % unaskedEvery : 0;
    this.places += isFirst ? 1 : 0;
    this.last.set(result.id, { result, at: performance.now(), passedOver });
    return result;
  }

  /** The server could not be asked: what was known of it may not be true of what comes back. */
  forget(): void {
    this.last.clear();
  }
}

/** Nothing is wrong, or it does not apply. */
export const isFine = ({ state, reason }: Pick<CheckResult, 'state' | 'reason'>): boolean =>
  state === 'ok' || reason === 'not-applicable';

function notRun(check: PreparedCheck<never>): CheckResult {
  const why = {
    reason: 'not-applicable',
    summary: 'not run yet: it runs on demand only',
    mend: `POST /v1/targets/{id}/checks/${check.description.id} runs it.`,
  } as const;
  return toUnknown(check, why, { askedAt: Date.now(), tookMs: 0 });
}
