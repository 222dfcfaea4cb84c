/**
 * What is red in the estate whether a signal asks for it or not: the last rounds of the diagnostics service, and every
 * alert that fires. Triage reads it beside the diagnoses, so that nothing is called fine beside something red.
 */
import type { CheckResult, UnknownReason } from './outcome';

export type AlertSource = 'grafana' | 'prometheus' | 'loki';

export interface FiringAlert {
  readonly name: string;
  /** Expanded, `alertname` included. */
  readonly labels: Readonly<Record<string, string>>;
  /** Expanded. */
  readonly annotations: Readonly<Record<string, string>>;
  /** ms since the epoch. */
  readonly activeAt?: number;
  readonly runbookUrl?: string;
  readonly source: AlertSource;
}

/** Every check of one target, as far as it could be read. */
export interface SeenRound {
  readonly target: string;
  /** Absent where the service is too old to tell it. */
  readonly kind?: string;
  readonly title: string;
  readonly checks: readonly CheckResult[];
}

/** A source of rounds or of alert rules that could not be read: what it would say is unknown, never fine. */
export interface Unread {
  /** `the diagnostics service`, `the alert rules of Grafana`. */
  readonly what: string;
  /** Set where it is the alert rules of a source. */
  readonly rulesOf?: AlertSource;
  readonly reason: UnknownReason;
  readonly detail: string;
  readonly mend: string;
}

export interface Seen {
  readonly rounds: readonly SeenRound[];
  readonly alerts: readonly FiringAlert[];
  readonly unread: readonly Unread[];
}
