/** What was seen, for somebody who looks at some packs only. */
import { checkOf } from './accounted';
import { compiled } from '../compiled/compiled';
import { matchAlert } from '../planning/matchAlert';
import type { BoundPack } from '../model/bound';
import type { Seen } from '../model/seen';

/**
 * Leaves out the checks and alerts that runbooks of `others` ask about and none of `bounds` does: they belong to a pack that
 * is not looked at. What no runbook asks about belongs to everybody, and stays.
 */
export function seenWithout(bounds: readonly BoundPack[], others: readonly BoundPack[], seen: Seen): Seen {
  if (others.length === 0) {
    return seen;
  }
  const own = checksOf(bounds);
  const theirs = checksOf(others);
  const packs = [...bounds, ...others].map(({ pack }) => pack);
  const ids = new Set(bounds.map(({ pack }) => pack.id));
  return {
    unread: seen.unread,
    rounds: seen.rounds.map((round) => ({
      ...round,
      checks: round.checks.filter(({ id }) => {
        const check = `${round.target}/${id}`;
        return own.has(check) || !theirs.has(check);
      }),
    })),
    alerts: seen.alerts.filter((alert) => {
      const matches = matchAlert(packs, alert);
      return matches.length === 0 || matches.some(({ pack }) => ids.has(pack));
    }),
  };
}

/** `<target>/<check>` of every signal that a runbook asks. */
function checksOf(bounds: readonly BoundPack[]): ReadonlySet<string> {
  return new Set(
    bounds.flatMap((bound) => compiled(bound.pack).judged.flatMap(({ signal }) => checkOf(bound, signal) ?? []))
  );
}
