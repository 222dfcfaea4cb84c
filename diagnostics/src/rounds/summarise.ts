import type { CheckResult } from '@live-runbooks/engine';
import { worse } from '../model/check';
import type { TakenRound } from '../model/round';

/** The worst state of the checks. Some unknown, and nothing wrong: `unknown`, never `ok`. */
export function summarise(round: Omit<TakenRound, 'state'>): TakenRound {
  const state = round.checks
    // What does not apply to this target is no gap in what is known of it.
    .filter((check) => check.reason !== 'not-applicable')
    .reduce<CheckResult['state']>((worst, check) => worse(worst, check.state), 'ok');
  return { ...round, state };
}
