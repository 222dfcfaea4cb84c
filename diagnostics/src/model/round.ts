/** One look at one target: every check, at one moment. */
import type { CheckResult } from '@live-runbooks/engine';
import type { TargetKind } from './check';

export interface Round {
  readonly target: string;
  readonly kind: TargetKind;
  readonly title: string;
  /** The worst state of its checks; `unknown` when nothing is wrong but not everything could be asked. */
  readonly state: CheckResult['state'];
  /** What a client meets that connects now: `ok`, or the class of the failure. */
  readonly class: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly tookMs: number;
  readonly checks: readonly CheckResult[];
}

/** A target that rounds are taken of. Calls may overlap: the target puts them in order. */
export interface Target {
  readonly id: string;
  readonly kind: TargetKind;
  readonly title: string;
  readonly checkIds: readonly string[];
  /** Asks all checks, or only some, within `budgetMs`. Never rejects: what could not be asked is an unknown result. */
  take(options: { readonly budgetMs: number; readonly only?: readonly string[] }): Promise<Round>;
  /** Ends its connection. Resolves within a second even when the server hangs. */
  close(): Promise<void>;
}
