import type { Plan, PlannedQuery } from '@live-runbooks/engine';

/** Prometheus evaluates 10 targets of a request at once, Loki one after the other. */
const MOST = { prometheus: 20, loki: 5 } as const;

export interface Batches {
  readonly prometheus: ReadonlyArray<readonly PlannedQuery[]>;
  readonly loki: ReadonlyArray<readonly PlannedQuery[]>;
  /** All targets in one request. */
  readonly diagnostics: readonly PlannedQuery[];
  /** One reading of the rules serves them all. */
  readonly alert: readonly PlannedQuery[];
}

/**
 * The requests of a plan. The plan's own groups are kept where the protocol allows their size; a query that is in no
 * group is still asked, and one that is in several is asked once.
 */
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
    prometheus: of('prometheus').flatMap((group) => evenly(group, MOST.prometheus)),
    loki: of('loki').flatMap((group) => evenly(group, MOST.loki)),
    diagnostics: of('diagnostics').flat(),
    alert: of('alert').flat(),
  };
}

/** As few parts as `most` allows, of about equal size: the request that is last decides when all is known. */
function evenly<T>(items: readonly T[], most: number): ReadonlyArray<readonly T[]> {
  const parts = Math.ceil(items.length / most);
  const size = Math.ceil(items.length / parts);
  return Array.from({ length: parts }, (_, index) => items.slice(index * size, (index + 1) * size)).filter(
    (part) => part.length > 0
  );
}
