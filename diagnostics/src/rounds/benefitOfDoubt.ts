/**
 * What a round may say while this service starves. Silence and slowness that only this service's own clock saw prove
 * nothing then, so they become unknown. What a server said or counted itself stands: a refusal, a limit, a lock.
 */
import type { CheckResult } from '@live-runbooks/engine';
import type { Round, Starved, TakenRound } from '../model/round';
import { accuses, doubted, isTimed } from './doubted';
import { availabilityOf, isSilent, withUnknownAvailability } from './silence';
import { summarise } from './summarise';

const MEND =
  'Give the diagnostics service CPU: a request of its own, or a host that is not overloaded. Its next rounds judge again once it gets what it needs.';

export function giveBenefitOfDoubt(round: TakenRound, starved: Starved | null): Round {
  if (starved === null) {
    return { ...round, starved };
  }
  const say = (check: CheckResult) => ({ summary: sayStarved(check, starved), mend: MEND });
  const heard = isSilent(round) ? withUnknownAvailability(round, say) : round;
  const checks = heard.checks.map((check): CheckResult => {
    const isCut = check.state === 'unknown' && check.reason === 'timeout' && check !== availabilityOf(heard);
    return isCut || (accuses(check) && isTimed(check)) ? doubted(check, say(check)) : check;
  });
  return { ...summarise({ ...heard, checks }), starved };
}

function sayStarved({ summary }: CheckResult, { lagMs, cpuShare }: Starved): string {
  const got = cpuShare === null ? '' : `, it got ${Math.round(cpuShare * 100)} % of the CPU time that it wanted`;
  return `this service was starved (up to ${lagMs} ms late${got}), so this proves nothing: ${summary}`;
}
