/** A fix with live facts in it, and the watch over whether it worked. */
import type { Outcome, OutcomeState } from './outcome';
import type { Fix } from './pack';

export interface FilledFix {
  readonly pack: string;
  readonly runbook: string;
  readonly fix: Fix;
  /**
   * The command, every value quoted for its language. What is missing stands as `‹name›`, which no interpreter takes
   * for a value; offer it for copying only when `complete`.
   */
  readonly command: string;
  readonly complete: boolean;
  readonly missing: ReadonlyArray<{ readonly placeholder: string; readonly why: string }>;
  /** The signals that have to be present before the command makes sense, as they are now. */
  readonly preconditions: ReadonlyArray<{
    readonly signal: string;
    readonly title: string;
    readonly state: OutcomeState;
    readonly says: string;
  }>;
  /** Complete, and every precondition is present. */
  readonly ready: boolean;
  /** Blast radius in one sentence, with live facts. */
  readonly reach: string;
  readonly rollback?: string;
  readonly confirm?: string;
  /** What will show whether it worked; `before` is the signal as it is now. */
  readonly verify?: {
    readonly signal: string;
    readonly title: string;
    readonly unit: string;
    readonly becomes: 'present' | 'absent';
    /** Seconds. */
    readonly within: number;
    readonly before?: Outcome;
  };
}

export interface FixWatch {
  readonly state: 'worked' | 'waiting' | 'no-change' | 'unknown';
  /** One sentence: "Sessions waiting for a lock: 14 → 0 in 40 s: it worked". */
  readonly says: string;
  /** ms from the copy to the first sight of the wished state, when it worked. */
  readonly tookMs?: number;
  /** ms left before `no-change`, while waiting. */
  readonly leftMs?: number;
}
