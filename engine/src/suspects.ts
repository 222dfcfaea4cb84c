/** Suspects gathered from the diagnoses: one for each cause, wherever it was found, in the order of its worth. */
import { earliestEffect } from './before';
import { explainsNames } from './explains';
import type { BoundPack } from './model/bound';
import type { RankedCause, RunbookDiagnosis } from './model/diagnosis';
import type { Cause } from './model/pack';
import { PRIORS } from './weigh';

/** A score beyond this is no better proof, only more evidence on file. */
const SCORE_CEILING = 25;
/** Worth of one more finding explained, in decibans, and how many of them count. */
const BREADTH = 1.5;
const BREADTH_CEILING = 4;

/** A cause as one runbook found it. */
export interface Occurrence {
  readonly diagnosis: RunbookDiagnosis;
  readonly ranked: RankedCause;
  readonly cause: Cause;
}

/** A cause by identity. */
export interface Candidate {
  /** Where its case is strongest: its verdict, its score, its words. */
  readonly main: Occurrence;
  /** Where it is shown: the runbook that treats it as the trouble itself, and not as what is behind another trouble. */
  readonly home: Occurrence;
  /** Strongest first. */
  readonly all: readonly Occurrence[];
  /** Runbooks with a problem that it names as downstream, its own left out. */
  readonly downstream: readonly RunbookDiagnosis[];
  /** Present symptoms (`<pack>/<signal>`) of its own runbooks and of those that did not begin clearly before it. */
  readonly symptoms: ReadonlySet<string>;
  readonly worth: number;
  /** When it began, as far as its own evidence tells; ms. */
  readonly onset: number | undefined;
}

/** 0 for likely, 1 for possible, 2 for what is no suspect. */
export function tier({ verdict }: RankedCause): number {
  return verdict === 'likely' ? 0 : verdict === 'possible' ? 1 : 2;
}

/** Keys `<pack>/<signal>` of the symptoms that are present, and not known to have begun before `from` (ms). */
export function presentSymptoms({ pack, symptoms }: RunbookDiagnosis, from = -Infinity): string[] {
  return symptoms.flatMap(({ signal, state, since = Infinity }) =>
    state === 'present' && since >= from ? [`${pack}/${signal}`] : []
  );
}

/** All suspects of runbooks with a problem, best first. */
export function gatherSuspects(bounds: readonly BoundPack[], problems: readonly RunbookDiagnosis[]): Candidate[] {
  const byIdentity = new Map<string, Occurrence[]>();
  for (const occurrence of occurrences(bounds, problems)) {
    const found = byIdentity.get(occurrence.cause.identity);
    if (found) {
      found.push(occurrence);
    } else {
      byIdentity.set(occurrence.cause.identity, [occurrence]);
    }
  }
  const named = new Map<string, RunbookDiagnosis[]>();
  for (const diagnosis of problems) {
    for (const name of [`${diagnosis.pack}:${diagnosis.runbook}`, `*:${diagnosis.runbook}`]) {
      named.set(name, [...(named.get(name) ?? []), diagnosis]);
    }
  }
  return [...byIdentity.values()].map((found) => toCandidate(found, named)).sort(byRank);
}

function* occurrences(bounds: readonly BoundPack[], problems: readonly RunbookDiagnosis[]): Iterable<Occurrence> {
  const causes = new Map<string, readonly Cause[]>();
  for (const { pack } of bounds) {
    pack.runbooks.forEach((runbook) => causes.set(`${pack.id}/${runbook.id}`, runbook.causes));
  }
  for (const diagnosis of problems) {
    for (const ranked of diagnosis.causes) {
      const cause =
        tier(ranked) > 1
          ? undefined
          : causes.get(`${diagnosis.pack}/${diagnosis.runbook}`)?.find(({ id }) => id === ranked.id);
      if (cause !== undefined) {
        yield { diagnosis, ranked, cause };
      }
    }
  }
}

function toCandidate(found: readonly Occurrence[], named: ReadonlyMap<string, readonly RunbookDiagnosis[]>): Candidate {
  const all = [...found].sort(
    (a, b) =>
      tier(a.ranked) - tier(b.ranked) ||
      Number(b.diagnosis.leaders.includes(b.ranked.id)) - Number(a.diagnosis.leaders.includes(a.ranked.id)) ||
      b.ranked.score - a.ranked.score ||
      compareText(placeOf(a), placeOf(b))
  );
  const main = all[0];
  if (main === undefined) {
    throw new Error('a suspect without an occurrence');
  }
  const home = all.reduce((best, other) => (byHome(other, best) < 0 ? other : best), main);
  const own = new Set(all.map(({ diagnosis }) => diagnosis));
  const onsets = all.flatMap(({ ranked }) => ranked.onset ?? []);
  const onset = onsets.length === 0 ? undefined : Math.min(...onsets);
  const from = earliestEffect(onset);
  const downstream = new Set<RunbookDiagnosis>();
  for (const { cause, diagnosis } of all) {
    for (const { pack, name } of explainsNames(cause, diagnosis.pack)) {
      for (const other of named.get(`${pack}:${name}`) ?? []) {
        if (!own.has(other) && presentSymptoms(other, from).length > 0) {
          downstream.add(other);
        }
      }
    }
  }
  const breadth = downstream.size + all.length - 1;
  return {
    main,
    home,
    all,
    downstream: [...downstream],
    symptoms: new Set([...own, ...downstream].flatMap((diagnosis) => presentSymptoms(diagnosis, from))),
    worth: Math.min(main.ranked.score, SCORE_CEILING) + BREADTH * Math.min(breadth, BREADTH_CEILING),
    onset,
  };
}

function byRank(a: Candidate, b: Candidate): number {
  return (
    tier(a.main.ranked) - tier(b.main.ranked) ||
    b.worth - a.worth ||
    // Two that began at unknown times are equal: ∞ − ∞ is no number.
    (a.main.ranked.since ?? Infinity) - (b.main.ranked.since ?? Infinity) ||
    compareText(placeOf(a.home), placeOf(b.home))
  );
}

/**
 * A cause is at home in the runbook that it does not itself name as downstream; of several such, where its author calls
 * it most common, then by name. Nothing that changes from one moment to the next counts, so that a suspect does not
 * move to another runbook while symptoms come and go there.
 */
function byHome(a: Occurrence, b: Occurrence): number {
  return (
    Number(isDownstreamOfItself(a)) - Number(isDownstreamOfItself(b)) ||
    PRIORS[b.cause.prior] - PRIORS[a.cause.prior] ||
    compareText(placeOf(a), placeOf(b))
  );
}

function isDownstreamOfItself({ cause, diagnosis: { pack, runbook } }: Occurrence): boolean {
  return explainsNames(cause, pack).some((name) => name.name === runbook && (name.pack === '*' || name.pack === pack));
}

function placeOf({ diagnosis, ranked }: Occurrence): string {
  return `${diagnosis.pack}/${diagnosis.runbook}/${ranked.id}`;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
