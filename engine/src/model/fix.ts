/** A fix with live facts in it, and the watch over whether it worked. */
import type { Outcome, OutcomeState } from './outcome';
import type { Fix, FixInput } from './pack';

export interface FilledInput extends FixInput {
  readonly name: string;
  /** What the person typed, blanks and all, else the default; may be empty. */
  readonly value: string;
  /** Why the value cannot be used; absent when it can. */
  readonly problem?: string;
}

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
  /** What the person fills in, in the author's order. */
  readonly inputs: readonly FilledInput[];
  /** The quantity that the command changes, as it is and as it would be: "2 → 5"; with why it is refused. */
  readonly change?: { readonly says: string; readonly refused?: string };
  /** What has to be the case before the command makes sense, as it is now. */
  readonly preconditions: ReadonlyArray<{
    readonly signal: string;
    readonly title: string;
    readonly wanted: 'present' | 'absent';
    readonly state: OutcomeState;
    readonly says: string;
  }>;
  /** Complete, and every precondition is met. */
  readonly ready: boolean;
  /** Where and as whom SQL is run. */
  readonly where?: string;
  readonly note?: string;
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
    /** Seconds; at least what the fix takes and the window of the signal with the values of now. */
    readonly within: number;
    readonly hold: number;
    /** What becomes true, with the threshold in it. */
    readonly says: string;
    readonly underway?: string;
    readonly before?: Outcome;
  };
}

export interface FixWatch {
  /**
   * `relapsed`: it became as wished and did not stay so. `unknown`: it cannot be said, be it for want of data or because
   * what became good did so before the command could act.
   */
  readonly state: 'worked' | 'waiting' | 'no-change' | 'relapsed' | 'unknown';
  /** One sentence: "Sessions waiting for a lock: 14 → 0 in 40 s, and it has stayed so for 30 s." */
  readonly says: string;
  /** How to undo it; never while the effect may still be on its way. */
  readonly undo?: string;
  /** ms from the copy to the first sight of the wished state, when it worked. */
  readonly tookMs?: number;
  /** ms left before `no-change`, while waiting. */
  readonly leftMs?: number;
}
