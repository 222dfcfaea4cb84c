/**
 * A component in trouble for which no likely cause was found. It explains what depends on it, like a cause: else the components
 * that suffer from it would look for the reason in themselves, and name one that is merely possible.
 */
import { compiled } from '../compiled/compiled';
import type { Travel } from '../estate/travel';
import type { BoundPack } from '../model/bound';
import type { RankedCause, RunbookDiagnosis } from '../model/diagnosis';
import type { Effect } from '../model/effect';
import type { Cause } from '../model/pack';
import { outcomeWords } from '../wording/facts';
import { byRank, reachedBy, tier, type Candidate, type Occurrence, type PresentSymptoms } from './suspects';

/** The id of the cause that stands for a reason that was not found. */
export const REASON_NOT_FOUND = 'reason-not-found';

/** The candidates, with one for each component in trouble that has no likely cause and may be why others are in trouble. */
export function withoutReason(
  bounds: readonly BoundPack[],
  present: PresentSymptoms,
  candidates: readonly Candidate[],
  travel: Travel
): Candidate[] {
  const explained = new Set<RunbookDiagnosis>(
    candidates.flatMap(({ main, all, reached }) =>
      tier(main.ranked) === 0 ? [...all.map(({ diagnosis }) => diagnosis), ...reached] : []
    )
  );
  const open = [...present.keys()].filter((diagnosis) => diagnosis.recovering !== true && !explained.has(diagnosis));
  const packs = new Map(bounds.map((bound) => [bound.pack.id, bound]));
  const found = open.flatMap((diagnosis): Candidate[] => {
    const bound = packs.get(diagnosis.pack);
    const candidate = bound && toCandidate(bound, diagnosis, present, travel);
    // Without somebody else in trouble because of it, its own runbook says all there is to say; who has a likely cause has another reason.
    const others =
      candidate?.downstream.some((other) => other.pack !== diagnosis.pack && !explained.has(other)) ?? false;
    return candidate !== undefined && others ? [candidate] : [];
  });
  return found.length === 0 ? [...candidates] : [...candidates, ...found].sort(byRank);
}

function toCandidate(
  bound: BoundPack,
  diagnosis: RunbookDiagnosis,
  present: PresentSymptoms,
  travel: Travel
): Candidate | undefined {
  const symptoms = present.get(diagnosis) ?? [];
  const effects = [...new Set(symptoms.flatMap(({ effect }) => effect ?? []))];
  const words = diagnosis.symptoms.flatMap((outcome) => {
    const signal = compiled(bound.pack).signals.get(outcome.signal)?.signal;
    return outcome.state === 'present' && signal !== undefined ? [outcomeWords(signal, outcome)] : [];
  });
  if (effects.length === 0) {
    return undefined;
  }
  const title = `${bound.pack.title} is in trouble, and the reason is not found`;
  const cause = causeOf(diagnosis, title, effects);
  const occurrence: Occurrence = {
    diagnosis,
    ranked: rankedOf(title, words, diagnosis.since),
    cause,
    names: [],
    atHome: true,
  };
  const reached = reachedBy([occurrence], present, travel, -Infinity);
  reached.delete(diagnosis);
  return {
    main: occurrence,
    home: occurrence,
    all: [occurrence],
    downstream: [...reached],
    reached,
    symptoms: new Set([diagnosis, ...reached].flatMap((each) => (present.get(each) ?? []).map(({ key }) => key))),
    worth: 0,
    ownProof: 0,
    onset: diagnosis.since,
  };
}

function causeOf({ pack, runbook }: RunbookDiagnosis, title: string, effects: readonly Effect[]): Cause {
  return {
    ...{ id: REASON_NOT_FOUND, identity: `${pack}/${runbook}/${REASON_NOT_FOUND}`, title, says: title, prior: 'usual' },
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
