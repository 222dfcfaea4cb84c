import type { CheckResult } from '@live-runbooks/engine';
import type { Round } from './round';

/** Remembers when each check's present state began, as far as this service has seen. */
export class SinceTracker {
  private readonly seen = new Map<string, { state: CheckResult['state']; since: number }>();

  /** What was seen before a restart. */
  recall(round: Round): void {
    for (const { id, state, since } of round.checks) {
      if (since !== null) {
        this.seen.set(`${round.target}/${id}`, { state, since });
      }
    }
  }

  mark(round: Round): Round {
    const checks = round.checks.map((check) => {
      const key = `${round.target}/${check.id}`;
      const before = this.seen.get(key);
      const since = before?.state === check.state ? before.since : check.askedAt;
      this.seen.set(key, { state: check.state, since });
      return { ...check, since };
    });
    return { ...round, checks };
  }
}
