/**
 * Ranking the causes of one runbook, and saying honestly how sure that is.
 *
 * The design, in the order in which it is applied:
 * 1. **Symptoms gate.** No present symptom, no suspect. All symptoms known and absent is healthy; an unknown symptom
 *    never is: the state is then `unknown`.
 * 2. **Each cause is a hypothesis of its own** (two can be true), scored by `weigh.ts`.
 * 3. **Refutation.** One decisive contradiction refutes, whatever else speaks for the cause; a refuted cause stays
 *    visible with its reason and never leads.
 * 4. **Words, not percentages.** `likely` needs ten decibans and either decisive support or half of the evidence known;
 *    `possible` four; below that it is `unlikely`, or `cannot-assess` when too little is known to say even that. Either
 *    needs something of its own (symptoms are shared by all causes of the runbook, mild absences by half the world), or
 *    half of its evidence known: then it is what remains.
 *    Since an unknown weighs nothing, evidence that nobody saw can never lift a cause: only what is known leads.
 * 5. **Ambiguity.** Where the intervals of the leaders overlap and their scores are close, the answer is "A or B", with
 *    the unknown that would tell them apart per cost of asking. A wide interval alone is no rival: a cause that nothing
 *    supports does not share the lead with one that is proven.
 * 6. **Downstream steps back.** A cause that explains another (`explains`) and is at least as sure goes before it. So does a likely
 *    one at another component whose effects are seen to come here, and trouble there without a likely cause (`overArrows.ts`).
 * 7. **None of these** is always in the race; when no cause reaches `possible` the runbook abstains and says why.
 */
import { isBlindness } from '../judging/blindness';
import { compiled } from '../compiled/compiled';
import { unasked } from '../compiled/unasked';
import type { CompiledRunbook } from '../compiled/model';
import { notChecked } from '../wording/facts';
import type { BoundPack, OutcomeMap } from '../model/bound';
import type { RunbookDiagnosis } from '../model/diagnosis';
import { sentenceOf } from './headline';
import { chooseNextCheck } from './nextCheck';
import { LazyDiagnosis } from './lazyDiagnosis';
import { leadersOf } from './order';
import { OverArrows } from './overArrows';
import { Ranking } from './ranking';
import { earliest, isRecovering, stateOf, wrongWords } from './symptoms';
import { abstention, type Entry } from './verdict';
import type { Facts } from '../wording/sentence';
import { symptomOnset, type Look, type Slots } from './weigh';

/**
 * Diagnoses a runbook from outcomes keyed `<pack>/<signal>`; a signal without an outcome is unknown. `now` is in ms.
 * Throws when the pack has no such runbook.
 */
export function diagnose(bound: BoundPack, runbookId: string, outcomes: OutcomeMap, now: number): RunbookDiagnosis {
  const runbook = compiled(bound.pack).runbooks.get(runbookId);
  if (runbook === undefined) {
    throw new Error(`The pack ${bound.pack.id} has no runbook ${runbookId}.`);
  }
  const slots: Slots = runbook.signals.map(({ key, signal }) => outcomes.get(key) ?? unasked(signal.id));
  const symptoms = runbook.symptoms.map((slot) => slots[slot] ?? unasked('?'));
  const state = stateOf(symptoms);
  const recovering = state === 'problem' && isRecovering(runbook, symptoms, outcomes);
  const look = lookAt(runbook, slots, outcomes, now);
  const judged = recovering ? 'unknown' : state;
  const arrowsOver =
    bound.pack.arrows && ((entries: readonly Entry[]) => new OverArrows(bound, runbook, slots, entries, outcomes));
  const ranking = new Ranking(runbook, slots, look, judged, factsOf(bound, outcomes), arrowsOver);
  const leaders = state === 'problem' ? leadersOf(ranking.ranked, ranking.explained) : [];
  const nextCheck = recovering ? undefined : chooseNextCheck(runbook, slots, ranking, leaders, state, look);
  const leader = leaders[0];
  const verdict = leader?.verdict ?? abstention(ranking, slots, judged);
  const top = leader && ranking.causes.find(({ id }) => id === leader.compiled.cause.id);
  let known = 0;
  let total = 0;
  let failed = 0;
  for (const { state: seen, reason } of slots) {
    known += Number(seen !== 'unknown');
    failed += Number(seen === 'unknown' && isBlindness(reason));
    total += Number(reason !== 'not-applicable');
  }
  const found = {
    runbook: runbook.runbook.id,
    pack: bound.pack.id,
    title: runbook.runbook.title,
    state,
    recovering: recovering ? (true as const) : undefined,
    leaders: leaders.map((entry) => entry.compiled.cause.id),
    nextCheck,
    verdict,
    sentence: recovering
      ? `Over in the last part of the window, and fading: ${wrongWords(runbook, slots)}. No cause is named meanwhile.`
      : sentenceOf(runbook, slots, symptoms, state, ranking, leaders, nextCheck),
    against: top?.against,
    sayNotChecked: () => (known === total ? undefined : notChecked(runbook.signals, slots)),
    coverage: { known, total, failed },
    symptoms,
    since: earliest(symptoms),
  };
  return new LazyDiagnosis(found, ranking, leaders);
}

const NO_SLOTS: ReadonlySet<number> = new Set();

/** The moment, and which of the present signals are over or still hold in the last part of their windows. */
function lookAt(runbook: CompiledRunbook, slots: Slots, outcomes: OutcomeMap, now: number): Look {
  const onset = symptomOnset(slots, runbook.symptoms, now);
  if (runbook.recent.size === 0) {
    return { now, onset, past: NO_SLOTS, lately: NO_SLOTS, fading: false };
  }
  const past = new Set<number>();
  const lately = new Set<number>();
  runbook.recent.forEach((key, slot) => {
    const recent = slots[slot]?.state === 'present' ? outcomes.get(key)?.state : undefined;
    if (recent === 'absent') {
      past.add(slot);
    } else if (recent === 'present') {
      lately.add(slot);
    }
  });
  return { now, onset, past, lately, fading: runbook.symptoms.some((slot) => past.has(slot)) };
}

/** What sentences about a pack may speak of. */
export function factsOf(bound: BoundPack, outcomes: OutcomeMap): Facts {
  const { signals } = compiled(bound.pack);
  return {
    param: (name) => (Object.hasOwn(bound.values, name) ? bound.values[name] : undefined),
    outcome: (id) => {
      const signal = signals.get(id);
      return signal === undefined ? undefined : outcomes.get(signal.key);
    },
  };
}
