import type { Reading, UnknownReason } from '@live-runbooks/engine';

/** Why there is no answer, and exactly what to do about it. */
export interface Failure {
  readonly reason: UnknownReason;
  /** What the source said, with secrets removed. */
  readonly detail: string;
  readonly mend: string;
}

/** When a request left and how long it took; ms. */
export interface Timing {
  readonly askedAt: number;
  readonly tookMs: number;
}

export type FailureReading = Extract<Reading, { kind: 'failure' }>;

export function failureReading(failure: Failure, timing: Timing): FailureReading {
  return { kind: 'failure', reason: failure.reason, detail: failure.detail, mend: failure.mend, ...timing };
}
