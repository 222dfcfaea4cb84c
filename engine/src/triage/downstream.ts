/**
 * Who is downstream of whom. An edge by a cause's name always holds. An edge by a runbook's name says that the trouble
 * there is downstream; it does not reach a cause that is decisively proven by evidence of its own, for a bad deploy is
 * no consequence of a lock, even when both make the same requests fail. What is seen to come over the arrows, be it into one runbook in
 * which both stand, holds for whoever has no proof of its own (`ranking/standing.ts`).
 */
import { addTo } from '../addTo';
import type { RunbookDiagnosis } from '../model/diagnosis';
import { explainsNames } from '../compiled/explains';
import { resists } from '../ranking/standing';
import { tier, type Candidate } from './suspects';

/**
 * The explainer of each suspect that has one: the highest-ranked that is at least as sure, by verdict. `ranked` is in
 * rank order; edges that would close a circle are left out, so somebody always stands first.
 */
export function explainEdges(ranked: readonly Candidate[]): Map<Candidate, Candidate> {
  const index = new FindingIndex(ranked);
  const by = new Map<Candidate, Candidate>();
  const descendsFrom = (candidate: Candidate, ancestor: Candidate): boolean => {
    for (let at: Candidate | undefined = candidate; at !== undefined; at = by.get(at)) {
      if (at === ancestor) {
        return true;
      }
    }
    return false;
  };
  for (const upstream of ranked) {
    for (const downstream of index.explainedBy(upstream)) {
      if (
        !by.has(downstream) &&
        tier(upstream.main.ranked) <= tier(downstream.main.ranked) &&
        !descendsFrom(upstream, downstream)
      ) {
        by.set(downstream, upstream);
      }
    }
  }
  return by;
}

class FindingIndex {
  private readonly rank = new Map<Candidate, number>();
  private readonly byName = new Map<string, Candidate[]>();
  private readonly byDiagnosis = new Map<RunbookDiagnosis, Candidate[]>();

  constructor(ranked: readonly Candidate[]) {
    ranked.forEach((candidate, position) => {
      this.rank.set(candidate, position);
      for (const { names } of candidate.all) {
        names.forEach((name) => this.add(name, candidate));
      }
      new Set(candidate.all.map(({ diagnosis }) => diagnosis)).forEach((diagnosis) =>
        addTo(this.byDiagnosis, diagnosis, candidate)
      );
    });
  }

  /** In rank order. */
  explainedBy(upstream: Candidate): Candidate[] {
    const byName = new Set<Candidate>();
    for (const { cause, diagnosis } of upstream.all) {
      for (const { name, full, cause: named } of explainsNames(cause, diagnosis.pack)) {
        this.byName.get(name)?.forEach((candidate) => byName.add(candidate));
        for (const candidate of this.byName.get(full) ?? []) {
          if (named !== undefined || (!sharesRunbook(upstream, candidate, name) && !isProven(candidate))) {
            byName.add(candidate);
          }
        }
      }
    }
    const found = new Set([...byName].filter((candidate) => !isKnownChange(candidate)));
    for (const diagnosis of upstream.reached) {
      for (const candidate of this.byDiagnosis.get(diagnosis) ?? []) {
        if (comesFrom(upstream, candidate, diagnosis) && !isProvenOwn(candidate)) {
          found.add(candidate);
        }
      }
    }
    found.delete(upstream);
    return [...found].sort((a, b) => (this.rank.get(a) ?? 0) - (this.rank.get(b) ?? 0));
  }

  private add(name: string, candidate: Candidate): void {
    const list = this.byName.get(name);
    if (list === undefined) {
      this.byName.set(name, [candidate]);
    } else if (list.at(-1) !== candidate) {
      list.push(candidate);
    }
  }
}

/** Where both stand side by side, the runbook's name alone does not say which of them is downstream. */
function sharesRunbook(a: Candidate, b: Candidate, runbook: string): boolean {
  return a.all.some(
    ({ diagnosis }) => diagnosis.runbook === runbook && b.all.some((other) => other.diagnosis === diagnosis)
  );
}

/** A likely cause that a change began: two faults at once are two suspects, whatever names the one as downstream. */
function isKnownChange({ main }: Candidate): boolean {
  return main.ranked.verdict === 'likely' && main.ranked.byChange === true;
}

/**
 * What is seen of the first in the runbook is where the second is. At one component, what stands in one runbook is told apart by its
 * evidence, and by no arrow. Around a circle each explains the other: only which of them began first tells.
 */
function comesFrom(upstream: Candidate, downstream: Candidate, diagnosis: RunbookDiagnosis): boolean {
  const isAnyOf = (places: { has(place: string): boolean }) => upstream.all.some(({ place }) => places.has(place));
  const here = downstream.all.filter((own) => own.diagnosis === diagnosis && upstream.reach.has(own.place));
  const isElsewhere = here.some((own) => upstream.all.every(({ place }) => place !== own.place));
  if (!isElsewhere && (here.length === 0 || sharesAny(upstream, downstream))) {
    return false;
  }
  // What may be why the first is in trouble is no effect of it while nothing is known to be the reason.
  if (tier(upstream.main.ranked) > 0 && isAnyOf(downstream.pressed)) {
    return false;
  }
  const isMutual = isElsewhere
    ? isAnyOf(downstream.reach)
    : upstream.all.some((own) => downstream.reached.has(own.diagnosis));
  return !isMutual || beganFirst(upstream, downstream);
}

function sharesAny(a: Candidate, b: Candidate): boolean {
  return a.all.some(({ diagnosis }) => b.all.some((other) => other.diagnosis === diagnosis));
}

function beganFirst(upstream: Candidate, downstream: Candidate): boolean {
  return upstream.onset !== undefined && downstream.onset !== undefined && upstream.onset < downstream.onset;
}

/** Two proven faults stay two suspects. */
function isProvenOwn({ main: { ranked } }: Candidate): boolean {
  return resists({ decisive: ranked.decisive === true, ownProof: ranked.ownProof ?? 0 });
}

function isProven({ main }: Candidate): boolean {
  return main.ranked.decisive === true;
}
