/** One look at one target: every check, at one moment. */
import type { CheckResult } from '@live-runbooks/engine';
import type { TargetKind } from './check';

/** How little of the CPU this service got while it asked. */
export interface Starved {
  /** The longest that its event loop was late within the window, ms. */
  readonly lagMs: number;
  /** CPU time that it got, of what it wanted, 0–1; null where the system does not tell. */
  readonly cpuShare: number | null;
  /** Seconds that the measure covers. */
  readonly windowSeconds: number;
}

export interface Round {
  readonly target: string;
  readonly kind: TargetKind;
  readonly title: string;
  /** The worst state of its checks; `unknown` when nothing is wrong but not everything could be asked. */
  readonly state: CheckResult['state'];
  /** What happens to a client that connects now: `ok`, or the class of the failure. */
  readonly class: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly tookMs: number;
  /** Null while the service gets the CPU that it needs. Otherwise slowness and silence are unknown in this round, and no finding. */
  readonly starved: Starved | null;
  readonly checks: readonly CheckResult[];
}

/** A round as a target takes it: of the service's own starvation it knows nothing. */
export type TakenRound = Omit<Round, 'starved'>;

/** A target that rounds are taken of. Calls may overlap: the target puts them in order. */
export interface Target {
  readonly id: string;
  readonly kind: TargetKind;
  readonly title: string;
  readonly checkIds: readonly string[];
  /**
   * Asks all checks, or only some, within `budgetMs`. `unasked`: nobody waits for it, so that what changes slowly may be as
   * it was. Never rejects: what could not be asked is an unknown result.
   */
  take(options: {
    readonly budgetMs: number;
    readonly only?: readonly string[];
    readonly unasked?: boolean;
  }): Promise<TakenRound>;
  /** Ends its connection. Resolves within a second even when the server hangs. */
  close(): Promise<void>;
}
