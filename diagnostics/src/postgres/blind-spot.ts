/** What a check could not see, and the statement that lets it. */
import { type Finding, judge } from '../model/check';
import type { Row, UnknownReason } from '@live-runbooks/engine';

export interface BlindSpot {
  /** What is not seen. */
  readonly object: string;
  readonly why: string;
  /** The exact statement for an administrator. */
  readonly grant: string;
}

export const BLIND_COLUMNS = {
  object: 'what could not be seen',
  why: 'why',
  grant: 'the exact statement that lets this role see it',
};

/**
 * A finding with blind spots is never ok: what was seen decides if it is a finding already, else it is unknown. The
 * statement is the mend of the unknown, and is added to the mend of a finding.
 */
export function withBlindSpots(
  finding: Finding,
  blind: readonly BlindSpot[],
  is: {
    readonly reason: UnknownReason;
    readonly threshold: Parameters<typeof judge>[1];
    readonly mend: string;
  }
): Finding {
  if (blind.length === 0) {
    return finding;
  }
  const grants = [...new Set(blind.map((each) => each.grant))].slice(0, 5).join(' ');
  const fires =
    finding.atLeast !== undefined || (finding.value !== null && judge(finding.value, is.threshold) !== 'ok');
  const rows = { ...finding.rows, blind: blind.slice(0, 50).map((each): Row => ({ ...each })) };
  const summary = `${finding.summary}; not seen: ${blind.length === 1 ? (blind[0]?.object ?? '') : `${blind.length} (${blind[0]?.object ?? ''}, …)`}: ${blind[0]?.why ?? ''}`;
  return fires
    ? { ...finding, rows, summary, mend: `${finding.mend ?? is.mend} To see the rest: ${grants}` }
    : { ...finding, rows, summary, unknown: { reason: is.reason, mend: grants } };
}
