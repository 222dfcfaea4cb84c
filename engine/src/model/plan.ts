/** The distinct questions behind a set of runbooks, and how they are grouped into requests. */

export interface PlannedQuery {
  /** Stable: the same question has the same id in every plan (`q` + a number is not enough). Usable as a Grafana refId. */
  readonly id: string;
  readonly source: 'prometheus' | 'loki' | 'diagnostics' | 'alert';
  /** PromQL or LogQL with parameters bound; empty for diagnostics and alerts. */
  readonly expr: string;
  /** Diagnostics: target id and check id. */
  readonly target?: string;
  readonly check?: string;
  readonly cost: number;
  /** Keys (`<pack>/<signal>`) of the signals that read this answer. */
  readonly signals: readonly string[];
}

/** One request to one source; how many questions it holds is said in `engine/src/planning/plan.ts`. */
export interface PlannedRequest {
  readonly source: PlannedQuery['source'];
  readonly target?: string;
  readonly queries: readonly PlannedQuery[];
}

export interface Plan {
  readonly queries: readonly PlannedQuery[];
  readonly requests: readonly PlannedRequest[];
  /** Signals that cannot be asked because a parameter is missing or not allowed: they are unknown with this text. */
  readonly unplanned: ReadonlyArray<{
    readonly signal: string;
    readonly reason: 'not-configured' | 'not-applicable';
    readonly mend: string;
  }>;
}
