/**
 * A component in trouble for which no likely cause was found. It explains what depends on it, like a cause: else the components
 * that suffer from it would look for the reason in themselves, and name one that is merely possible.
 */
import { compiled } from '../compiled/compiled';
import { keyOf } from '../estate/place';
import type { Travel } from '../estate/travel';
import type { BoundPack } from '../model/bound';
import type { RankedCause, RunbookDiagnosis } from '../model/diagnosis';
import type { Effect } from '../model/effect';
import type { Cause } from '../model/pack';
import { outcomeWords } from '../wording/facts';
import { withoutReasonWords } from '../wording/withoutReason';
import type { PresentSymptoms } from './presentSymptoms';
import { byRank, reachedBy, tier, type Candidate, type Occurrence } from './suspects';

/** The id of the cause that stands for a reason that was not found. */
export const REASON_NOT_FOUND = 'reason-not-found';

/** The candidates, with one for each component in trouble that has no likely cause and may be why others are in trouble. */
export function withoutReason(
  bounds: readonly BoundPack[],
  present: PresentSymptoms,
  candidates: readonly Candidate[],
  travel: Travel
): Candidate[] {
  const likely = candidates.filter(({ main }) => tier(main.ranked) === 0);
  const explained = new Set<RunbookDiagnosis>(
    likely.flatMap(({ all, reached }) => [...all.map(({ diagnosis }) => diagnosis), ...reached])
  );
  const open = [...present.runbooks()].filter(
    (diagnosis) => diagnosis.recovering !== true && !explained.has(diagnosis)
  );
  const packs = new Map(bounds.map((bound) => [bound.pack.id, bound]));
  const found = open.flatMap((diagnosis) => {
    const bound = packs.get(diagnosis.pack);
    return bound === undefined || bound.pack.components !== undefined
      ? []
      : (ofComponent(bound, diagnosis, present, travel, explained) ?? []);
  });
  const declared = bounds.flatMap((bound) =>
    bound.pack.components === undefined ? [] : ofPack(bound, present, candidates, likely, travel)
  );
  return found.length + declared.length === 0 ? [...candidates] : [...candidates, ...found, ...declared].sort(byRank);
}

/**
 * Undefined without somebody else in trouble because of it: then its own runbook says all there is to say. Who is `explained` by a likely
 * cause has another reason.
 */
function ofComponent(
  bound: BoundPack,
  diagnosis: RunbookDiagnosis,
  present: PresentSymptoms,
  travel: Travel,
  explained: ReadonlySet<RunbookDiagnosis>
): Candidate | undefined {
  const { id, title } = bound.pack;
  const effects = [...new Set(present.at(diagnosis).flatMap(({ effect }) => effect ?? []))];
  const trouble = { title, place: id, effects };
  const affected = affectedBy(trouble, diagnosis, present, travel);
  if (affected.downstream.every((other) => other.pack === diagnosis.pack || explained.has(other))) {
    return undefined;
  }
  const words = diagnosis.symptoms.flatMap((outcome) => {
    const signal = compiled(bound.pack).signals.get(outcome.signal)?.signal;
    return outcome.state === 'present' && signal !== undefined ? [outcomeWords(signal, outcome)] : [];
  });
  return toCandidate(trouble, words, diagnosis, affected, present);
}

/**
 * Of the components that a pack declares, whose trouble shows in whatever runbook. One behind which nobody steps back is none: the
 * runbooks of the pack say what is wrong there.
 */
function ofPack(
  { pack }: BoundPack,
  present: PresentSymptoms,
  candidates: readonly Candidate[],
  likely: readonly Candidate[],
  travel: Travel
): Candidate[] {
  const behind = candidates.flatMap(({ all }) =>
    all.filter(({ diagnosis, ranked }) => diagnosis.pack === pack.id && ranked.explainedBy?.component !== undefined)
  );
  return (behind.length === 0 ? [] : (pack.components ?? [])).flatMap(({ id, title }) => {
    const place = keyOf({ pack: pack.id, component: id });
    const here = behind.find(({ ranked }) => ranked.explainedBy?.component === id);
    const isKnown = likely.some(({ all, reach }) => reach.has(place) || all.some((own) => own.place === place));
    if (here === undefined || isKnown) {
      return [];
    }
    const runbooks = [...present.runbooks()].filter((diagnosis) => diagnosis.pack === pack.id);
    const home =
      runbooks.find(({ runbook }) => compiled(pack).runbooks.get(runbook)?.runbook.of === id) ??
      present.atPlace(place)[0] ??
      here.diagnosis;
    const words = travel.presentAt(place).map(({ signal, outcome }) => outcomeWords(signal, outcome));
    const trouble = { title, place, effects: travel.seenAt(place) };
    return [toCandidate(trouble, words, home, affectedBy(trouble, home, present, travel), present)];
  });
}

interface Trouble {
  /** Of the component. */
  readonly title: string;
  readonly place: string;
  readonly effects: readonly Effect[];
}

/** What comes from the trouble, where it is seen. The runbook at which it is shown is not among it when it is about nothing else. */
type Affected = Pick<Candidate, 'reach' | 'reached' | 'downstream'>;

function affectedBy(
  { place, effects }: Trouble,
  diagnosis: RunbookDiagnosis,
  present: PresentSymptoms,
  travel: Travel
): Affected {
  const reach = travel.from(place, effects);
  const reached = reachedBy(reach, present, -Infinity);
  if (present.at(diagnosis).every((symptom) => symptom.place === place)) {
    reached.delete(diagnosis);
  }
  return { reach, reached, downstream: [...reached] };
}

/** `words`: what is seen there. */
function toCandidate(
  { title: component, place, effects }: Trouble,
  words: readonly string[],
  diagnosis: RunbookDiagnosis,
  affected: Affected,
  present: PresentSymptoms
): Candidate {
  const title = withoutReasonWords(component);
  const cause = causeOf(diagnosis, place, title, effects);
  const occurrence: Occurrence = {
    ...{ diagnosis, cause, place, ranked: rankedOf(title, words, diagnosis.since) },
    names: [],
    atHome: true,
  };
  return {
    ...{ main: occurrence, home: occurrence, all: [occurrence], ...affected, pressed: new Map() },
    symptoms: new Set([diagnosis, ...affected.downstream].flatMap((each) => present.at(each).map(({ key }) => key))),
    worth: 0,
    onset: diagnosis.since,
  };
}

function causeOf({ pack, runbook }: RunbookDiagnosis, place: string, title: string, effects: readonly Effect[]): Cause {
  const at = place === pack ? runbook : place.slice(pack.length + 1);
  return {
    ...{ id: REASON_NOT_FOUND, identity: `${pack}/${at}/${REASON_NOT_FOUND}`, title, says: title, prior: 'usual' },
    ...{ evidence: [], effects, explains: [], lookAlikes: [], dont: [], fixes: [] },
  };
}

function rankedOf(title: string, words: readonly string[], since: number | undefined): RankedCause {
  return {
    ...{ id: REASON_NOT_FOUND, title, verdict: 'possible', score: 0, interval: [0, 0], prior: 0 },
    says: `${title}: ${words.join('; ')}`,
    ...{ supports: [], contradicts: [], unknown: [] },
    ...(since === undefined ? {} : { since }),
  };
}
