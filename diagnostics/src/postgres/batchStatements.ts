/**
 * Statements that one session makes in one transaction: a backup, an export, a report. They run as often as their session
 * can, and no request waits for them. Sessions tell it: each names the statement that it runs, or ran last.
 */
import type { Activity } from './activity';

/** A transaction that is older than its statement by this much makes more than one. */
const OUTLIVES_SECONDS = 2;
/** Statements of which it keeps who made them. */
const KEPT = 2000;

interface Sighting {
  readonly at: number;
  readonly inLongTransaction: boolean;
}

export class BatchStatements {
  /** By queryid and pid. */
  private readonly seen = new Map<string, Map<number, Sighting>>();

  /** Sightings older than this say nothing any more. Milliseconds. */
  constructor(private readonly windowMs: number) {}

  /** `now` is in ms. */
  watch(sessions: readonly Activity[], now: number): void {
    for (const [queryId, makers] of this.seen) {
      for (const [pid, { at }] of makers) {
        if (now - at > this.windowMs) {
          makers.delete(pid);
        }
      }
      if (makers.size === 0) {
        this.seen.delete(queryId);
      }
    }
    for (const { queryId, pid, transactionSeconds, querySeconds } of sessions) {
      if (queryId !== null && (this.seen.has(queryId) || this.seen.size < KEPT)) {
        const makers = this.seen.get(queryId) ?? new Map<number, Sighting>();
        const inLongTransaction =
          transactionSeconds !== null && transactionSeconds - (querySeconds ?? 0) >= OUTLIVES_SECONDS;
        this.seen.set(queryId, makers.set(pid, { at: now, inLongTransaction }));
      }
    }
  }

  /** Whether one session alone was seen with it, in a transaction that lasts longer than the statement. */
  has(queryId: string): boolean {
    const makers = [...(this.seen.get(queryId)?.values() ?? [])];
    return makers.length === 1 && makers[0]?.inLongTransaction === true;
  }
}
