/**
 * What a round may say while this service starves. Silence and slowness that only this service's own clock saw prove
 * nothing then, so they become unknown. What a server said or counted itself stands: a refusal, a limit, a lock.
 */
import type { CheckResult } from '@live-runbooks/engine';
import { allChecks } from '../checks';
import { NOT_RESOLVED_IN_TIME } from '../model/failure';
import type { Round, Starved, TakenRound } from '../model/round';
import { summarise } from './summarise';

/** Classes of availability that mean: no answer by a deadline of this service. */
const SILENCE = new Set(['timeout', 'hung', 'hung-postmaster']);
/** Checks whose value is a time that this service measured. */
const TIMED = new Set(allChecks.filter((check) => check.timed === true).map((check) => check.id));

const MEND =
  'Give the diagnostics service CPU: a request of its own, or a host that is not overloaded. Its next rounds judge again once it gets what it needs.';

export function giveBenefitOfDoubt(round: TakenRound, starved: Starved | null): Round {
  if (starved === null) {
    return { ...round, starved };
  }
  const available = round.checks.find((check) => check.id.endsWith('.availability'));
  const isSilent = SILENCE.has(round.class) || available?.fields.message === NOT_RESOLVED_IN_TIME;
  const checks = round.checks.map((check): CheckResult => {
    if (check === available && isSilent) {
      return { ...doubted(check, starved), fields: { ...check.fields, up: null, class: 'unknown' } };
    }
    const accuses = check.state === 'warning' || check.state === 'critical';
    return (check.state === 'unknown' && check.reason === 'timeout') || (accuses && TIMED.has(check.id))
      ? doubted(check, starved)
      : check;
  });
  return { ...summarise({ ...round, class: isSilent ? 'unknown' : round.class, checks }), starved };
}

function doubted(check: CheckResult, { lagMs, cpuShare }: Starved): CheckResult {
  const got = cpuShare === null ? '' : `, it got ${Math.round(cpuShare * 100)} % of the CPU time that it wanted`;
  return {
    ...check,
    state: 'unknown',
    reason: 'timeout',
    value: null,
    summary: `this service was starved (up to ${lagMs} ms late${got}), so this proves nothing: ${check.summary}`,
    mend: MEND,
  };
}
