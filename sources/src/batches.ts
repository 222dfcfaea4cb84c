import type { Plan, PlannedQuery } from '@live-runbooks/engine';

export interface Batches {
  readonly prometheus: ReadonlyArray<readonly PlannedQuery[]>;
  readonly loki: ReadonlyArray<readonly PlannedQuery[]>;
  /** All targets in one request. */
  readonly diagnostics: readonly PlannedQuery[];
  /** One reading of the rules serves them all. */
  readonly alert: readonly PlannedQuery[];
}

/** The requests of a plan, in the plan's own groups. A query that is in no group is still asked, one in several once. */
export function batchesOf(plan: Plan): Batches {
  const seen = new Set<string>();
  const unseen = (queries: readonly PlannedQuery[]) =>
    queries.filter((query) => !seen.has(query.id) && seen.add(query.id));
  const groups = plan.requests.map((request) => unseen(request.queries));
  const loose = unseen(plan.queries);
  const of = (source: PlannedQuery['source']) =>
    [...groups, loose]
      .map((group) => group.filter((query) => query.source === source))
      .filter((group) => group.length > 0);
  return {
    prometheus: of('prometheus'),
    loki: of('loki'),
    diagnostics: of('diagnostics').flat(),
    alert: of('alert').flat(),
  };
}
