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
  const explained = new Set<RunbookDiagnosis>(
    candidates.flatMap(({ main, all, reached }) =>
      tier(main.ranked) === 0 ? [...all.map(({ diagnosis }) => diagnosis), ...reached] : []
    )
  );
  const open = [...present.runbooks()].filter(
    (diagnosis) => diagnosis.recovering !== true && !explained.has(diagnosis)
  );
  const packs = new Map(bounds.map((bound) => [bound.pack.id, bound]));
  const found = open.flatMap((diagnosis) => {
    const bound = packs.get(diagnosis.pack);
    return bound === undefined ? [] : (toCandidate(bound, diagnosis, present, travel, explained) ?? []);
  });
  return found.length === 0 ? [...candidates] : [...candidates, ...found].sort(byRank);
}

/**
 * Undefined without somebody else in trouble because of it: then its own runbook says all there is to say. Who is `explained` by a likely
 * cause has another reason.
 */
function toCandidate(
  bound: BoundPack,
  diagnosis: RunbookDiagnosis,
  present: PresentSymptoms,
  travel: Travel,
  explained: ReadonlySet<RunbookDiagnosis>
): Candidate | undefined {
  const effects = [...new Set(present.at(diagnosis).flatMap(({ effect }) => effect ?? []))];
  const title = `${bound.pack.title} is in trouble, and the reason is not found`;
  const cause = causeOf(diagnosis, title, effects);
  const reached = reachedBy([{ cause, diagnosis }], present, travel, -Infinity);
  reached.delete(diagnosis);
  const downstream = [...reached];
  if (downstream.every((other) => other.pack === diagnosis.pack || explained.has(other))) {
    return undefined;
  }
  const words = diagnosis.symptoms.flatMap((outcome) => {
    const signal = compiled(bound.pack).signals.get(outcome.signal)?.signal;
    return outcome.state === 'present' && signal !== undefined ? [outcomeWords(signal, outcome)] : [];
  });
  const occurrence: Occurrence = {
    diagnosis,
    ranked: rankedOf(title, words, diagnosis.since),
    cause,
    names: [],
    atHome: true,
  };
  return {
    main: occurrence,
    home: occurrence,
    all: [occurrence],
    downstream,
    reached,
    symptoms: new Set([diagnosis, ...downstream].flatMap((each) => present.at(each).map(({ key }) => key))),
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
