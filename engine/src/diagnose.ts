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
 * 6. **Downstream steps back.** A cause that explains another (`explains`) and is at least as sure goes before it.
 * 7. **None of these** is always in the race; when no cause reaches `possible` the runbook abstains and says why.
 */
import {
  compiled,
  DECIBANS,
  unasked,
  type CompiledCause,
  type CompiledEvidence,
  type CompiledRunbook,
} from './compiled';
import { notChecked, outcomeWords } from './facts';
import type { BoundPack, OutcomeMap } from './model/bound';
import type { Contribution, NextCheck, RankedCause, RunbookDiagnosis } from './model/diagnosis';
import type { Outcome } from './model/outcome';
import type { Verdict } from './model/pack';
import { renderIfKnown, type Facts } from './sentence';
import { extremes, symptomOnset, weigh, weightOf, type Slots, type Weighed } from './weigh';

const LIKELY = 10;
const POSSIBLE = 4;
const REFUTED = -13;
/** Below this share of known evidence a low score means "cannot assess", not "unlikely". */
const COVERAGE_FLOOR = 1 / 3;
/** `likely` without decisive support needs this share of the evidence known. */
const COVERAGE_LIKELY = 1 / 2;
/** `likely` needs this much of present evidence that is no symptom: elimination alone names a suspect, never a culprit. */
const PROOF_LIKELY = DECIBANS.strong;
/** Two leaders further apart than this (odds of 4 to 1) are told apart whatever the unknowns are. */
const RIVAL_GAP = 6;

interface Entry {
  readonly compiled: CompiledCause;
  readonly weighed: Weighed;
  readonly verdict: Verdict;
}

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
  const onset = symptomOnset(slots, runbook.symptoms, now);
  const entries = runbook.causes.map((cause): Entry => {
    const weighed = weigh(cause, slots, runbook.symptoms, onset, now);
    return { compiled: cause, weighed, verdict: gate(verdictOf(weighed), recovering ? 'unknown' : state) };
  });
  const sorted = [...entries].sort(bySureness);
  const explained = explainedAmong(sorted, runbook.edges);
  const ranked = explained.size === 0 ? sorted : stepBack(sorted, explained);
  const leaders = state === 'problem' ? leadersOf(ranked, explained) : [];
  const facts = factsOf(bound, outcomes);
  const causes = ranked.map((entry) => new DescribedCause(entry, slots, facts, now));
  const nextCheck = recovering ? undefined : chooseNextCheck(runbook, slots, ranked, leaders, state, onset, now);
  const leader = leaders[0];
  const verdict: Verdict =
    leader?.verdict ?? (state === 'healthy' ? 'unlikely' : abstention(ranked, slots, recovering ? 'unknown' : state));
  const top = causes.find(({ id }) => id === leader?.compiled.cause.id);
  let known = 0;
  let total = 0;
  for (const { state: seen, reason } of slots) {
    known += Number(seen !== 'unknown');
    total += Number(reason !== 'not-applicable');
  }
  const unseen = known === total ? undefined : notChecked(runbook.signals, slots);
  const against = top?.contradicts[0]?.says;
  const since = earliest(symptoms);
  return {
    runbook: runbook.runbook.id,
    pack: bound.pack.id,
    title: runbook.runbook.title,
    state,
    ...(recovering ? { recovering } : {}),
    causes,
    leaders: leaders.map((entry) => entry.compiled.cause.id),
    noneOfThese: noneOfThese(ranked, leaders, state, verdict),
    ...(nextCheck === undefined ? {} : { nextCheck }),
    verdict,
    sentence: recovering
      ? `Recovering: what is wrong is over in the last part of the window (${wrongWords(runbook, slots)}). No cause is named while it fades.`
      : sentenceOf(runbook, slots, symptoms, state, causes, leaders, nextCheck),
    ...(against === undefined ? {} : { against }),
    ...(unseen === undefined ? {} : { notChecked: unseen }),
    coverage: { known, total },
    symptoms,
    ...(since === undefined ? {} : { since }),
  };
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

function stateOf(symptoms: readonly Outcome[]): RunbookDiagnosis['state'] {
  let unknown = false;
  for (const { state, reason } of symptoms) {
    if (state === 'present') {
      return 'problem';
    }
    unknown ||= state === 'unknown' && reason !== 'not-applicable';
  }
  // Symptoms that all do not apply have shown nothing either.
  return unknown || symptoms.every(({ state }) => state === 'unknown') ? 'unknown' : 'healthy';
}

/**
 * Whether every present symptom is known to be over in the last part of its window. What is measured over the window still
 * shows it then, and so does the evidence: it tells of the past, and would accuse whatever happened since.
 */
function isRecovering(runbook: CompiledRunbook, symptoms: readonly Outcome[], outcomes: OutcomeMap): boolean {
  return symptoms.every(({ state }, index) => {
    const recent = runbook.recent[index];
    return state !== 'present' || (recent !== undefined && outcomes.get(recent)?.state === 'absent');
  });
}

function verdictOf(weighed: Weighed): Verdict {
  const { score, coverage, decisiveFor, decisiveAgainst, fits, proof } = weighed;
  if (decisiveAgainst || score <= REFUTED) {
    return 'refuted';
  }
  // Elimination is an argument too, once what was eliminated has been seen.
  const supported = weighed.supported || (fits && coverage >= COVERAGE_LIKELY);
  if (supported && proof >= PROOF_LIKELY && score >= LIKELY && (decisiveFor || coverage >= COVERAGE_LIKELY)) {
    return 'likely';
  }
  if (supported && score >= POSSIBLE) {
    return 'possible';
  }
  return coverage < COVERAGE_FLOOR ? 'cannot-assess' : 'unlikely';
}

/** A cause may stand ready (a new version runs) without any harm being there: then it is no suspect. */
function gate(verdict: Verdict, state: RunbookDiagnosis['state']): Verdict {
  if (state === 'problem' || verdict === 'refuted') {
    return verdict;
  }
  return state === 'healthy' ? 'unlikely' : 'cannot-assess';
}

const TIER: Readonly<Record<Verdict, number>> = { likely: 0, possible: 1, 'cannot-assess': 2, unlikely: 2, refuted: 3 };

function isSuspect({ verdict }: Entry): boolean {
  return TIER[verdict] <= 1;
}

function bySureness(a: Entry, b: Entry): number {
  return (
    TIER[a.verdict] - TIER[b.verdict] ||
    b.weighed.score - a.weighed.score ||
    b.weighed.best - a.weighed.best ||
    (a.compiled.cause.id < b.compiled.cause.id ? -1 : 1)
  );
}

/** Suspects that another one explains come after those that nobody explains. */
function stepBack(sorted: readonly Entry[], explained: ReadonlySet<Entry>): Entry[] {
  return [
    ...sorted.filter((entry) => isSuspect(entry) && !explained.has(entry)),
    ...sorted.filter((entry) => explained.has(entry)),
    ...sorted.filter((entry) => !isSuspect(entry)),
  ];
}

/** Suspects that a stronger or equally sure one explains. Of two that explain each other the stronger stays. */
function explainedAmong(sorted: readonly Entry[], edges: CompiledRunbook['edges']): ReadonlySet<Entry> {
  if (edges.size === 0) {
    return NOBODY;
  }
  const suspects = sorted.filter(isSuspect);
  const by = new Map<Entry, Entry>();
  const descendsFrom = (entry: Entry, ancestor: Entry): boolean => {
    for (let at: Entry | undefined = entry; at !== undefined; at = by.get(at)) {
      if (at === ancestor) {
        return true;
      }
    }
    return false;
  };
  for (const upstream of suspects) {
    const named = edges.get(upstream.compiled.cause.id);
    for (const downstream of named === undefined ? [] : suspects) {
      if (
        named?.has(downstream.compiled.cause.id) === true &&
        !by.has(downstream) &&
        TIER[upstream.verdict] <= TIER[downstream.verdict] &&
        !descendsFrom(upstream, downstream)
      ) {
        by.set(downstream, upstream);
      }
    }
  }
  return new Set(by.keys());
}

const NOBODY: ReadonlySet<Entry> = new Set();

function leadersOf(ranked: readonly Entry[], explained: ReadonlySet<Entry>): Entry[] {
  const [first, ...rest] = ranked.filter((entry) => isSuspect(entry) && !explained.has(entry));
  if (first === undefined) {
    return [];
  }
  const rivals = rest.filter(
    ({ weighed }) => weighed.best >= first.weighed.worst && first.weighed.score - weighed.score <= RIVAL_GAP
  );
  return [first, ...rivals];
}

/**
 * A cause as the page shows it. Most are never opened: their evidence is put into words when somebody looks. A class,
 * because accessors on its prototype cost nothing for the hundreds that nobody opens; `toJSON` has everything.
 */
class DescribedCause implements RankedCause {
  readonly id: string;
  readonly title: string;
  readonly verdict: Verdict;
  readonly score: number;
  readonly interval: readonly [number, number];
  readonly prior: number;
  readonly says: string;
  declare readonly since?: number;
  readonly #entry: Entry;
  readonly #slots: Slots;
  readonly #facts: Facts;
  readonly #now: number;
  #contributions: Contributions | undefined = undefined;

  constructor(entry: Entry, slots: Slots, facts: Facts, now: number) {
    const { compiled: found, weighed, verdict } = entry;
    this.id = found.cause.id;
    this.title = found.cause.title;
    this.verdict = verdict;
    this.score = round(weighed.score);
    this.interval = [round(weighed.worst), round(weighed.best)];
    this.prior = weighed.prior;
    this.says = capitalise((TIER[verdict] <= 1 ? renderIfKnown(found.says, facts) : undefined) ?? found.cause.title);
    if (weighed.since !== undefined) {
      this.since = weighed.since;
    }
    this.#entry = entry;
    this.#slots = slots;
    this.#facts = facts;
    this.#now = now;
  }

  get supports(): readonly Contribution[] {
    return this.#opened().supports;
  }

  get contradicts(): readonly Contribution[] {
    return this.#opened().contradicts;
  }

  get unknown(): readonly Contribution[] {
    return this.#opened().unknown;
  }

  toJSON(): RankedCause {
    const { supports, contradicts, unknown } = this;
    return { ...this, supports, contradicts, unknown };
  }

  #opened(): Contributions {
    return (this.#contributions ??= contributionsOf(this.#entry, this.#slots, this.#facts, this.#now));
  }
}

type Contributions = Pick<RankedCause, 'supports' | 'contradicts' | 'unknown'>;

function contributionsOf({ compiled: { evidence } }: Entry, slots: Slots, facts: Facts, now: number): Contributions {
  const supports: Contribution[] = [];
  const contradicts: Contribution[] = [];
  const unknown: Contribution[] = [];
  for (const item of evidence) {
    const outcome = slots[item.slot];
    if (outcome === undefined) {
      continue;
    }
    const weight = weightOf(item, outcome, now);
    const [worst, best] = outcome.state === 'unknown' ? extremes(item, outcome) : [weight, weight];
    const contribution: Contribution = {
      signal: item.evidence.signal,
      outcome,
      ...(item.evidence.group === undefined ? {} : { group: item.evidence.group }),
      weight,
      best,
      worst,
      says: contributionWords(item, outcome, facts),
    };
    if (outcome.state === 'unknown') {
      unknown.push(contribution);
    } else if (weight > 0) {
      supports.push(contribution);
    } else if (weight < 0) {
      contradicts.push(contribution);
    }
  }
  supports.sort((a, b) => b.weight - a.weight || (a.signal < b.signal ? -1 : 1));
  contradicts.sort((a, b) => a.weight - b.weight || (a.signal < b.signal ? -1 : 1));
  unknown.sort((a, b) => b.best - b.worst - (a.best - a.worst) || (a.signal < b.signal ? -1 : 1));
  return { supports, contradicts, unknown };
}

function contributionWords(item: CompiledEvidence, outcome: Outcome, facts: Facts): string {
  const said = outcome.state === 'present' && item.says !== undefined ? renderIfKnown(item.says, facts) : undefined;
  return said === undefined ? outcomeWords(item.signal.signal, outcome) : capitalise(said);
}

function chooseNextCheck(
  runbook: CompiledRunbook,
  slots: Slots,
  ranked: readonly Entry[],
  leaders: readonly Entry[],
  state: RunbookDiagnosis['state'],
  onset: number | undefined,
  now: number
): NextCheck | undefined {
  if (state === 'healthy') {
    return undefined;
  }
  const unknownSlots = slots.flatMap((outcome, slot) =>
    outcome.state === 'unknown' && outcome.reason !== 'not-applicable' ? [slot] : []
  );
  if (unknownSlots.length === 0) {
    return undefined;
  }
  if (state === 'unknown') {
    const open = runbook.symptoms.filter((slot) => unknownSlots.includes(slot));
    const cheapest = open.sort(
      (a, b) => cost(runbook, a) - cost(runbook, b) || (idOf(runbook, a) < idOf(runbook, b) ? -1 : 1)
    )[0];
    return cheapest === undefined
      ? undefined
      : nextCheck(runbook, slots, cheapest, [], 'it says whether anything is wrong at all');
  }
  // The pair to tell apart: the leaders, or the leader and its best rival, or the two most promising causes.
  const open = ranked.filter(({ verdict }) => verdict !== 'refuted');
  const a = leaders[0] ?? [...open].sort((x, y) => y.weighed.best - x.weighed.best)[0];
  if (a === undefined) {
    return undefined;
  }
  const b = leaders[1] ?? open.filter((entry) => entry !== a).sort((x, y) => y.weighed.best - x.weighed.best)[0];
  const sure = leaders.length === 1 && a.verdict === 'likely' && (b === undefined || a.weighed.worst > b.weighed.best);
  if (sure) {
    return undefined;
  }
  const gap = (slot: number, assumed: 'present' | 'absent') => {
    const assume = { slot, state: assumed };
    const score = (entry: Entry) => weigh(entry.compiled, slots, runbook.symptoms, onset, now, assume).score;
    return score(a) - (b === undefined ? 0 : score(b));
  };
  const before = a.weighed.score - (b?.weighed.score ?? 0);
  let best: { slot: number; worth: number } | undefined;
  const relevant = new Set([...a.compiled.evidence, ...(b?.compiled.evidence ?? [])].map(({ slot }) => slot));
  for (const slot of unknownSlots) {
    if (!relevant.has(slot)) {
      continue;
    }
    const change = (Math.abs(gap(slot, 'present') - before) + Math.abs(gap(slot, 'absent') - before)) / 2;
    const worth = change / cost(runbook, slot);
    // Equal worth is settled by name, whatever order the pack names its signals in.
    const gain = worth - (best?.worth ?? 0);
    if (gain > EQUAL || (gain > -EQUAL && best !== undefined && idOf(runbook, slot) < idOf(runbook, best.slot))) {
      best = { slot, worth };
    }
  }
  if (best === undefined) {
    return undefined;
  }
  const names = b === undefined ? [a] : [a, b];
  const why =
    b === undefined
      ? `it confirms or refutes "${a.compiled.cause.title}"`
      : `it separates "${a.compiled.cause.title}" from "${b.compiled.cause.title}"`;
  return nextCheck(
    runbook,
    slots,
    best.slot,
    names.map((entry) => entry.compiled.cause.id),
    why
  );
}

const EQUAL = 1e-9;

function idOf(runbook: CompiledRunbook, slot: number): string {
  return runbook.signals[slot]?.signal.id ?? '';
}

function cost(runbook: CompiledRunbook, slot: number): number {
  return runbook.signals[slot]?.signal.cost ?? 1;
}

function nextCheck(
  runbook: CompiledRunbook,
  slots: Slots,
  slot: number,
  separates: readonly string[],
  why: string
): NextCheck | undefined {
  const signal = runbook.signals[slot]?.signal;
  if (signal === undefined) {
    return undefined;
  }
  const mend = slots[slot]?.mend;
  const ask = signal.query.source === 'manual' ? signal.query.ask : `Check "${signal.title}"`;
  return {
    signal: signal.id,
    title: signal.title,
    separates,
    says: `${ask.replace(/[.\s]+$/, '')}: ${why}.${mend === undefined || signal.query.source === 'manual' ? '' : ` ${mend}`}`,
  };
}

function noneOfThese(
  ranked: readonly Entry[],
  leaders: readonly Entry[],
  state: RunbookDiagnosis['state'],
  verdict: Verdict
): RunbookDiagnosis['noneOfThese'] {
  const top = leaders[0];
  const strongest = Math.max(
    ...ranked.filter((entry) => entry.verdict !== 'refuted').map(({ weighed }) => weighed.score),
    REFUTED
  );
  const score = round(POSSIBLE - strongest);
  if (state !== 'problem') {
    return { verdict: state === 'healthy' ? 'unlikely' : 'cannot-assess', score };
  }
  if (top === undefined) {
    return { verdict: verdict === 'cannot-assess' ? 'cannot-assess' : 'likely', score };
  }
  return { verdict: top.verdict === 'likely' ? 'unlikely' : 'possible', score };
}

/** Why nothing leads: too little is known, or what is known speaks against every cause. */
function abstention(ranked: readonly Entry[], slots: Slots, state: RunbookDiagnosis['state']): Verdict {
  if (state === 'unknown' || ranked.some(({ verdict }) => verdict === 'cannot-assess')) {
    return 'cannot-assess';
  }
  const known = slots.filter((outcome) => outcome.state !== 'unknown').length;
  return known / Math.max(1, slots.length) < COVERAGE_FLOOR ? 'cannot-assess' : 'unlikely';
}

function sentenceOf(
  runbook: CompiledRunbook,
  slots: Slots,
  symptoms: readonly Outcome[],
  state: RunbookDiagnosis['state'],
  causes: readonly RankedCause[],
  leaders: readonly Entry[],
  next: NextCheck | undefined
): string {
  const count = symptoms.length;
  if (state === 'healthy') {
    const checked = symptoms.filter((outcome) => outcome.state !== 'unknown').length;
    return checked === 1
      ? 'Nothing wrong: its symptom was checked and is absent.'
      : `Nothing wrong: all ${checked} symptoms were checked and are absent.`;
  }
  if (state === 'unknown') {
    const unseen = symptoms.filter((outcome) => outcome.state === 'unknown').length;
    return unseen === count
      ? `Cannot assess: none of its ${count === 1 ? 'symptoms' : `${count} symptoms`} could be checked.`
      : `Cannot assess: ${unseen} of its ${count} symptoms could not be checked; the others are absent.`;
  }
  const lead = leaders
    .map((entry) => causes.find(({ id }) => id === entry.compiled.cause.id))
    .filter((cause) => cause !== undefined);
  const [first, ...rivals] = lead;
  if (first === undefined) {
    const wrong = wrongWords(runbook, slots);
    const unseen = slots.filter((outcome) => outcome.state === 'unknown' && outcome.reason !== 'not-applicable').length;
    return unseen > 0
      ? `Something is wrong (${wrong}), and no cause can be named: ${unseen} of ${slots.length} signals could not be checked.`
      : `Something is wrong (${wrong}), and none of the listed causes fits what was found.`;
  }
  if (rivals.length > 0) {
    const titles = [first, ...rivals.slice(0, 2)].map(({ title }) => title);
    const alternatives = `${titles.slice(0, -1).join(', ')} or ${lowerFirst(titles.at(-1) ?? '')}`;
    return next === undefined
      ? stop(`${alternatives}; what was checked does not tell them apart`)
      : stop(`${alternatives}; "${next.title}" decides`);
  }
  return stop(first.verdict === 'likely' ? first.says : `Possibly: ${lowerFirst(first.says)}`);
}

/** The present symptoms in words. */
function wrongWords(runbook: CompiledRunbook, slots: Slots): string {
  return runbook.symptoms
    .filter((slot) => slots[slot]?.state === 'present')
    .map((slot) => {
      const signal = runbook.signals[slot]?.signal;
      const outcome = slots[slot];
      return signal && outcome ? outcomeWords(signal, outcome) : '';
    })
    .join('; ');
}

function earliest(outcomes: readonly Outcome[]): number | undefined {
  let first: number | undefined;
  for (const { state, since } of outcomes) {
    if (state === 'present' && since !== undefined && (first === undefined || since < first)) {
      first = since;
    }
  }
  return first;
}

function round(value: number): number {
  return Math.round(value * 10) / 10 + 0;
}

function capitalise(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

/** Names stay as they are: only a plain capitalised word loses its capital (not `Redis`, not `DDL`). */
function lowerFirst(text: string): string {
  return /^(?:A|An|The|No|Too|One|Some|Several|Many|Session|Sessions|Connections?|Workers?|Queries|Every|Something)\b/.test(
    text
  )
    ? text.charAt(0).toLowerCase() + text.slice(1)
    : text;
}

function stop(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
