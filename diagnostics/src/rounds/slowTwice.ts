/**
 * A time that this service measured itself is one sample: a collection of garbage, a lost packet or a cold cache makes one
 * answer slow. It accuses a target once it was too long in two answers, one after the other.
 */
import type { CheckResult } from '@live-runbooks/engine';
import type { TakenRound } from '../model/round';
import { accuses, doubted, isTimed } from './doubted';
import { summarise } from './summarise';

/** Follows the checks of one target through its rounds. */
export class SlowTwice {
  /** Checks whose last answer was too slow: when that answer was asked for, and whether the one before was too slow, too. */
  private readonly slow = new Map<string, { readonly askedAt: number; readonly isAgain: boolean }>();

  /** The round, in which a time that is too long for the first time is unknown. Checks without an answer change nothing. */
  judge(round: TakenRound): TakenRound {
    const checks = round.checks.map((check) => {
      if (!isTimed(check) || check.state === 'unknown') {
        return check;
      }
      if (!accuses(check)) {
        this.slow.delete(check.id);
        return check;
      }
      const last = this.slow.get(check.id);
      // A round may repeat an answer that is remembered: that is still one sample.
      const isAgain = last !== undefined && (last.isAgain || last.askedAt !== check.askedAt);
      this.slow.set(check.id, { askedAt: check.askedAt, isAgain });
      return isAgain ? check : onlyOnce(check);
    });
    return summarise({ ...round, checks });
  }
}

const onlyOnce = (check: CheckResult): CheckResult =>
  doubted(check, {
    summary: `too slow in one answer so far: ${check.summary}`,
    mend: 'Look again in a few seconds: the next answer says whether it stays slow.',
  });
