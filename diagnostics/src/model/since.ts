import type { CheckResult } from '@live-runbooks/engine';
import type { Round } from './round';

/** An unknown that is shorter, or a single one, does not end the state before it: one late answer does not end a trouble. */
export const SHORT_UNKNOWN_MS = 2 * 60_000;

/** Warning and critical are one trouble: it began when the check stopped being ok. */
type Condition = 'ok' | 'trouble';

/** Times are ms since the epoch. */
interface Seen {
  readonly known?: { readonly condition: Condition; readonly since: number };
  /** The unknown answers after that: the first and the last. */
  readonly unknown?: { readonly since: number; readonly last: number };
}

/** Remembers when each check became ok, troubled or unknown, as far as this service has seen. */
export class SinceTracker {
  private readonly seen = new Map<string, Seen>();

  /** What was seen before a restart, the oldest round first. */
  recall(rounds: readonly Round[]): void {
    for (const round of rounds) {
      for (const check of round.checks) {
        if (check.since !== null) {
          const key = `${round.target}/${check.id}`;
          this.seen.set(key, after(this.seen.get(key), check.state, check.since, check.askedAt));
        }
      }
    }
  }

  mark(round: Round): Round {
    const checks = round.checks.map((check) => {
      const key = `${round.target}/${check.id}`;
      const since = sinceOf(this.seen.get(key), check);
      this.seen.set(key, after(this.seen.get(key), check.state, since, check.askedAt));
      return { ...check, since };
    });
    return { ...round, checks };
  }
}

function sinceOf(before: Seen | undefined, { state, askedAt }: CheckResult): number {
  if (state === 'unknown') {
    return before?.unknown?.since ?? askedAt;
  }
  const goesOn = before?.known?.condition === conditionOf(state) && isShort(before.unknown, askedAt);
  return goesOn ? before.known.since : askedAt;
}

function isShort(unknown: Seen['unknown'], until: number): boolean {
  return unknown === undefined || unknown.last === unknown.since || until - unknown.since <= SHORT_UNKNOWN_MS;
}

function after(before: Seen | undefined, state: CheckResult['state'], since: number, askedAt: number): Seen {
  return state === 'unknown'
    ? { ...before, unknown: { since, last: askedAt } }
    : { known: { condition: conditionOf(state), since } };
}

function conditionOf(state: Exclude<CheckResult['state'], 'unknown'>): Condition {
  return state === 'ok' ? 'ok' : 'trouble';
}
