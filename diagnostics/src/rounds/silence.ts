/**
 * Silence of a target becomes a finding only when it lasts. A healthy server that writes a checkpoint, takes a backup or
 * shares a busy disk may answer one attempt late, so one attempt without an answer is unknown.
 */
import type { CheckResult } from '@live-runbooks/engine';
import { NOT_RESOLVED_IN_TIME } from '../model/failure';
import type { TakenRound } from '../model/round';
import { doubted } from './doubted';
import { summarise } from './summarise';

/** How long a target has to be silent, in two rounds at least, ms. */
export const SILENCE_PROVES_MS = 3000;

/** Classes of availability that mean: no answer by a deadline of this service. */
const SILENT = new Set(['timeout', 'hung', 'hung-postmaster']);

const MEND = 'Look again in a few seconds: the next rounds say whether the silence lasts.';

export const availabilityOf = ({ checks }: TakenRound): CheckResult | undefined =>
  checks.find((check) => check.id.endsWith('.availability'));

/** No answer came by a deadline of this service, from the target or from whoever resolves its name. */
export const isSilent = (round: TakenRound): boolean =>
  SILENT.has(round.class) || availabilityOf(round)?.fields.message === NOT_RESOLVED_IN_TIME;

/** The round with an availability that nothing is known of; `say` has the words for the check of availability. */
export function withUnknownAvailability(
  round: TakenRound,
  say: (check: CheckResult) => Pick<CheckResult, 'summary' | 'mend'>
): TakenRound {
  const available = availabilityOf(round);
  const checks = round.checks.map((check) => (check === available ? unknown(check, say(check)) : check));
  return summarise({ ...round, class: 'unknown', checks });
}

function unknown(check: CheckResult, says: Pick<CheckResult, 'summary' | 'mend'>): CheckResult {
  const found = doubted(check, says);
  return { ...found, fields: { ...found.fields, up: null, class: 'unknown' } };
}

/** Follows one target through its rounds. */
export class Silence {
  /** When the first of the silent rounds ended, ms on a monotonic clock. */
  private since: number | undefined;
  private proven = false;

  /** The last round was silent, and the next one tells whether that lasts. */
  get pending(): boolean {
    return this.since !== undefined && !this.proven;
  }

  /**
   * A round that ended `at`, ms on a monotonic clock. Silence that has not lasted yet becomes unknown. `excused`: this service
   * starved, so the round neither proves silence nor begins it.
   */
  judge(round: TakenRound, at: number, excused: boolean): TakenRound {
    if (!isSilent(round)) {
      this.since = undefined;
      this.proven = false;
      return round;
    }
    if (excused) {
      return round;
    }
    this.proven ||= this.since !== undefined && at - this.since >= SILENCE_PROVES_MS;
    this.since ??= at;
    return this.proven
      ? round
      : withUnknownAvailability(round, (check) => ({
          summary: `no answer in time, and that has lasted for less than ${SILENCE_PROVES_MS / 1000} s: ${check.summary}`,
          mend: MEND,
        }));
  }
}
