/** Suspects gathered from the diagnoses: one for each cause, wherever it was found, in the order of its worth. */
import { addTo } from '../addTo';
import { compareText } from '../compareText';
import { compiled } from '../compiled/compiled';
import { explainsNames } from '../compiled/explains';
import { keyOf, placeOf } from '../estate/place';
import type { Reach, Travel } from '../estate/travel';
import type { BoundPack } from '../model/bound';
import type { RankedCause, RunbookDiagnosis } from '../model/diagnosis';
import type { Effect } from '../model/effect';
import type { Cause } from '../model/pack';
import { earliestEffect } from '../ranking/before';
import { PRIORS } from '../ranking/weigh';
import type { PresentSymptoms } from './presentSymptoms';

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
  /** By what another cause may name it in `explains`. */
  readonly names: readonly string[];
  /** The key of the component at which it is. */
  readonly place: string;
  /** The runbook treats the component at which the cause is. */
  readonly atHome: boolean;
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
  /** Those of them, and of its own component, that its effects reach over the arrows. */
  readonly reached: ReadonlySet<RunbookDiagnosis>;
  /** The places at which its effects are seen. */
  readonly reach: Reach;
  /** Places against the arrows on which it may press, where the pressure is seen. */
  readonly pressed: Reach;
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

/** All suspects of the runbooks with a problem, best first. */
export function gatherSuspects(
  bounds: readonly BoundPack[],
  present: PresentSymptoms,
  travel: Travel | undefined
): Candidate[] {
  const problems = [...present.runbooks()];
  const byIdentity = new Map<string, Occurrence[]>();
  for (const occurrence of occurrences(bounds, problems)) {
    addTo(byIdentity, occurrence.cause.identity, occurrence);
  }
  const named = new Map<string, RunbookDiagnosis[]>();
  for (const diagnosis of problems) {
    for (const name of [`${diagnosis.pack}:${diagnosis.runbook}`, `*:${diagnosis.runbook}`]) {
      addTo(named, name, diagnosis);
    }
  }
  return [...byIdentity.values()].map((found) => toCandidate(found, named, present, travel)).sort(byRank);
}

function* occurrences(bounds: readonly BoundPack[], problems: readonly RunbookDiagnosis[]): Iterable<Occurrence> {
  const packs = new Map(bounds.map(({ pack }) => [pack.id, compiled(pack)]));
  for (const diagnosis of problems) {
    const home = packs.get(diagnosis.pack);
    const { runbook, causes } = home?.runbooks.get(diagnosis.runbook) ?? {};
    for (const ranked of diagnosis.causes) {
      const found = tier(ranked) > 1 ? undefined : causes?.find(({ cause }) => cause.id === ranked.id);
      if (home !== undefined && found !== undefined) {
        const { cause, names } = found;
        const place = keyOf(placeOf(home.pack, runbook, cause));
        yield { diagnosis, ranked, cause, names, place, atHome: cause.at !== undefined && cause.at === runbook?.of };
      }
    }
  }
}

function toCandidate(
  found: readonly Occurrence[],
  named: ReadonlyMap<string, readonly RunbookDiagnosis[]>,
  present: PresentSymptoms,
  travel: Travel | undefined
): Candidate {
  const all = [...found].sort(
    (a, b) =>
      tier(a.ranked) - tier(b.ranked) ||
      Number(b.diagnosis.leaders.includes(b.ranked.id)) - Number(a.diagnosis.leaders.includes(a.ranked.id)) ||
      b.ranked.score - a.ranked.score ||
      compareText(nameOf(a), nameOf(b))
  );
  const main = all[0];
  if (main === undefined) {
    throw new Error('a suspect without an occurrence');
  }
  const home = all.reduce((best, other) => (byHome(other, best) < 0 ? other : best));
  const own = new Set(all.map(({ diagnosis }) => diagnosis));
  const first = Math.min(...all.map(({ ranked }) => ranked.onset ?? Infinity));
  const onset = first === Infinity ? undefined : first;
  const from = earliestEffect(onset);
  const downstream = new Set<RunbookDiagnosis>();
  for (const { cause, diagnosis } of all) {
    for (const { full } of explainsNames(cause, diagnosis.pack)) {
      for (const other of named.get(full) ?? []) {
        if (!own.has(other) && present.at(other).some(({ since }) => since >= from)) {
          downstream.add(other);
        }
      }
    }
  }
  // What is only possible explains nothing elsewhere.
  const reach = tier(main.ranked) === 0 ? reachOf(all, travel) : NOWHERE;
  const reached = reachedBy(reach, present, from);
  reached.forEach((diagnosis) => own.has(diagnosis) || downstream.add(diagnosis));
  const symptoms = new Set<string>();
  for (const diagnosis of [...own, ...downstream]) {
    for (const { key, since } of present.at(diagnosis)) {
      if (since >= from) {
        symptoms.add(key);
      }
    }
  }
  const breadth = downstream.size + all.length - 1;
  return {
    main,
    home,
    all,
    downstream: [...downstream],
    reached,
    reach,
    pressed: pressedBy(all, travel),
    symptoms,
    worth: Math.min(main.ranked.score, SCORE_CEILING) + BREADTH * Math.min(breadth, BREADTH_CEILING),
    onset,
  };
}

const NOWHERE: Reach = new Map();

/** The places at which an effect of the cause is seen: at its own, and at those that depend on it. */
function reachOf(all: ReadonlyArray<Pick<Occurrence, 'cause' | 'place'>>, travel: Travel | undefined): Reach {
  const [first, ...others] = all;
  if (travel === undefined || first === undefined) {
    return NOWHERE;
  }
  const from = ({ cause, place }: typeof first) => travel.from(place, cause.effects ?? [], cause.presses);
  // Most stand in several runbooks of one component.
  const elsewhere = others.filter(({ place }, index) =>
    [first, ...others.slice(0, index)].every((other) => other.place !== place)
  );
  if (elsewhere.length === 0) {
    return from(first);
  }
  const found = new Map<string, Set<Effect>>();
  for (const [where, effects] of [first, ...elsewhere].flatMap((each) => [...from(each)])) {
    found.set(where, new Set([...(found.get(where) ?? []), ...effects]));
  }
  return found;
}

function pressedBy(all: readonly Occurrence[], travel: Travel | undefined): Reach {
  const pressing = all.filter(({ cause }) => cause.presses !== undefined);
  return pressing.length === 0
    ? NOWHERE
    : reachOf(
        pressing.map(({ cause, place }) => ({ place, cause: { ...cause, effects: [] } })),
        travel
      );
}

/** The runbooks with a problem of which a present symptom shows what comes from there, and did not begin clearly before it. */
export function reachedBy(reach: Reach, present: PresentSymptoms, from: number): Set<RunbookDiagnosis> {
  const reached: RunbookDiagnosis[] = [];
  for (const [place, effects] of reach) {
    for (const other of present.atPlace(place)) {
      const isShown = present
        .at(other)
        .some(
          ({ place: at, effect, since }) => at === place && effect !== undefined && effects.has(effect) && since >= from
        );
      if (isShown) {
        reached.push(other);
      }
    }
  }
  return new Set(reached.sort((a, b) => present.place(a) - present.place(b)));
}

export function byRank(a: Candidate, b: Candidate): number {
  return (
    tier(a.main.ranked) - tier(b.main.ranked) ||
    b.worth - a.worth ||
    // Two that began at unknown times are equal: ∞ − ∞ is no number.
    (a.main.ranked.since ?? Infinity) - (b.main.ranked.since ?? Infinity) ||
    compareText(nameOf(a.home), nameOf(b.home))
  );
}

/**
 * A cause is at home in the runbook of its own component, then in one that it does not itself name as downstream; of several
 * such, where its author calls it most common, then by name. Nothing that changes from one moment to the next counts, so that a suspect does not
 * move to another runbook while symptoms come and go there.
 */
function byHome(a: Occurrence, b: Occurrence): number {
  return (
    Number(b.atHome) - Number(a.atHome) ||
    Number(isDownstreamOfItself(a)) - Number(isDownstreamOfItself(b)) ||
    PRIORS[b.cause.prior] - PRIORS[a.cause.prior] ||
    compareText(nameOf(a), nameOf(b))
  );
}

function isDownstreamOfItself({ cause, diagnosis: { pack, runbook } }: Occurrence): boolean {
  return explainsNames(cause, pack).some((name) => name.name === runbook && (name.pack === '*' || name.pack === pack));
}

function nameOf({ diagnosis, ranked }: Occurrence): string {
  return `${diagnosis.pack}/${diagnosis.runbook}/${ranked.id}`;
}
