/**
 * What asking a signal can answer. There are three states and no fourth: a signal that could not be
 * asked is `unknown` with a typed reason, never quietly `absent`. Nothing is born healthy.
 */
export type OutcomeState = 'present' | 'absent' | 'unknown';

/** Why a signal is unknown. Every reason has a text that says how to mend it. */
export const UNKNOWN_REASONS = [
  'no-series',
  'query-error',
  'stale',
  'no-permission',
  'not-configured',
  'not-applicable',
  'timeout',
  'cancelled',
] as const;
export type UnknownReason = (typeof UNKNOWN_REASONS)[number];

export type Scalar = string | number | boolean | null;

/** One row of facts: the labels of a series, a row of a check, an alert's labels. */
export type Row = Readonly<Record<string, Scalar>>;

/**
 * What a source answered to one planned query, before any threshold is applied.
 * Times are milliseconds since the epoch.
 */
export type Reading =
  | {
      readonly kind: 'samples';
      /** Finite or not: a NaN sample is kept and judged (it is not a zero). */
      readonly samples: ReadonlyArray<{ readonly value: number; readonly labels: Readonly<Record<string, string>> }>;
      readonly askedAt: number;
      readonly tookMs: number;
    }
  | {
      readonly kind: 'check';
      readonly check: CheckResult;
      readonly askedAt: number;
      readonly tookMs: number;
    }
  | {
      readonly kind: 'alerts';
      /** Instances that are firing now, as rows of their labels. `since` is the oldest activeAt. */
      readonly firing: readonly Row[];
      readonly since?: number;
      /**
       * Names of the rules that were evaluated without error; only their silence says that all is well. Without it every
       * rule counts as evaluated.
       */
      readonly evaluated?: readonly string[];
      /** Why a source of rules could not be asked: a rule that nobody evaluated may live there. */
      readonly unheard?: { readonly reason: UnknownReason; readonly detail: string; readonly mend: string };
      readonly askedAt: number;
      readonly tookMs: number;
    }
  | {
      readonly kind: 'failure';
      readonly reason: UnknownReason;
      /** What the source said, with secrets removed. */
      readonly detail: string;
      readonly mend: string;
      readonly askedAt: number;
      readonly tookMs: number;
    };

/** The answer of one check of the diagnostics service. The service and the engine share this shape. */
export interface CheckResult {
  readonly id: string;
  readonly title: string;
  readonly state: 'ok' | 'warning' | 'critical' | 'unknown';
  /** Only with state `unknown`. */
  readonly reason?: UnknownReason;
  /** One sentence with the live facts. */
  readonly summary: string;
  /** The number that the thresholds judge; null when the check has none or could not ask. */
  readonly value: number | null;
  readonly unit: string;
  readonly threshold: { readonly warning?: number; readonly critical?: number } | null;
  /** Named single facts. */
  readonly fields: Readonly<Record<string, Scalar>>;
  /** Named tables of facts, e.g. `roots` and `waiting` of `postgres.blocking`. */
  readonly rows: Readonly<Record<string, readonly Row[]>>;
  /**
   * When it became ok, troubled (warning and critical are one trouble) or unknown, as far as the service has seen; a short
   * unknown interrupts neither. ms since the epoch.
   */
  readonly since: number | null;
  readonly askedAt: number;
  readonly tookMs: number;
  /** What to do about an unknown or a finding ("GRANT pg_monitor TO …"). */
  readonly mend?: string;
}

/** A signal after its test: the only thing that ranking reads. */
export interface Outcome {
  readonly signal: string;
  readonly state: OutcomeState;
  readonly severity?: 'warning' | 'critical';
  /** The worst sample, the number of matching rows, or the field's value. */
  readonly value?: number;
  readonly unit?: string;
  readonly threshold?: number;
  /** How far past the threshold, as a ratio ≥ 0: value / threshold − 1 (0 at the threshold). */
  readonly margin?: number;
  /** When it became present, ms since the epoch, if the source knows. */
  readonly since?: number;
  /** Facts of the matching rows or series, worst first; at most 20. */
  readonly rows: readonly Row[];
  readonly askedAt: number;
  readonly tookMs: number;
  readonly reason?: UnknownReason;
  readonly detail?: string;
  readonly mend?: string;
}
