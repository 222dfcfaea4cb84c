/** What a check could not see, and the statement that lets it. */
import type { UnknownReason } from '@live-runbooks/engine';
import { type Finding, judge } from '../model/check';
import { type ValuesOf, fact } from '../model/fact';

export interface BlindSpot {
  /** What is not seen. */
  readonly object: string;
  readonly why: string;
  /** The exact statement for an administrator. */
  readonly grant: string;
}

export const BLIND_COLUMNS = {
  object: fact.text('what could not be seen'),
  why: fact.text('why'),
  grant: fact.text('the exact statement that lets this role see it'),
};

/**
 * A finding with blind spots is never ok: what was seen decides if it is a finding already, else it is unknown. The
 * statement is the mend of the unknown, and is added to the mend of a finding.
 */
export function withBlindSpots<F extends Finding>(
  finding: F,
  blind: readonly BlindSpot[],
  check: {
    readonly reason: UnknownReason;
    readonly threshold: Parameters<typeof judge>[1];
    readonly mend: string;
  }
): F & { readonly rows?: { readonly blind?: ReadonlyArray<ValuesOf<typeof BLIND_COLUMNS>> } } {
  if (blind.length === 0) {
    return finding;
  }
  const grants = [...new Set(blind.map((each) => each.grant))].slice(0, 5).join(' ');
  const fires =
    finding.atLeast !== undefined || (finding.value !== null && judge(finding.value, check.threshold) !== 'ok');
  const rows = { ...finding.rows, blind: blind.slice(0, 50).map(({ object, why, grant }) => ({ object, why, grant })) };
  const summary = `${finding.summary}; not seen: ${blind.length === 1 ? (blind[0]?.object ?? '') : `${blind.length} (${blind[0]?.object ?? ''}, …)`}: ${blind[0]?.why ?? ''}`;
  return fires
    ? { ...finding, rows, summary, mend: `${finding.mend ?? check.mend} To see the rest: ${grants}` }
    : { ...finding, rows, summary, unknown: { reason: check.reason, mend: grants } };
}
