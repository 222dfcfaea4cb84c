/**
 * How the evidence for one cause becomes a score. (How scores become a ranking is in `diagnose.ts`.)
 *
 * A score is log-odds in decibans, as in Turing's banburismus: `S = prior + Σ over groups clip(Σ weights, ±cap)`.
 * - Authors choose bands, not numbers: decisive 13, strong 10, moderate 5, weak 2; for presence and absence apart.
 * - An unknown weighs nothing. It only widens the interval: the score with every unknown at its worst and at its best.
 * - Correlated signals share a group. Three views of one pool are one fact: the group's sum is capped at its strongest
 *   member.
 * - A present signal weighs up to a quarter more the further past its threshold it is and the longer it lasts. Growth is
 *   bounded, so that no extreme reading replaces a second piece of evidence.
 * - A cause whose own signal began before the first symptom earns a small onset bonus, smaller than any band: order in
 *   time can break a tie, never make a case.
 * - `proof` is the part of the case that is there to be seen: present signals that are no symptom of any runbook, and
 *   symptoms that the author calls decisive. What is left over when all else is excluded has none; neither has the symptom
 *   seen closer, nor a change, unless the harm is known to have begun with it and not to be there without it.
 * - The members of a group are looks at one fact. Where one of them speaks against the cause the group proves nothing.
 * - A value within a tenth of its threshold counts half: it may be on the other side a moment later, and neither side of it
 *   decides anything. There is no memory: the same outcomes give the same answer, whoever asks.
 * - What is over in the last part of its window (its `recent` twin is absent) tells of the past and weighs nothing. While
 *   some symptom fades, only what is true of this moment is proof.
 * Everything here is monotone: a signal that turns from unknown to supporting never lowers a score, and the score always
 * lies in its interval. Property tests hold both.
 */
import { DECIBANS, MAX_GROWTH } from '../compiled/decibans';
import type { CompiledCause, CompiledEvidence } from '../compiled/model';
import type { Outcome, OutcomeState } from '../model/outcome';
import type { Prior } from '../model/pack';
import { someRowMeets } from '../judging/rows';

export const PRIORS: Readonly<Record<Prior, number>> = { common: 2, usual: 0, rare: -3 };
/** Duration after which half of its share of the growth is reached. */
const HALF_DURATION_MS = 300_000;
export const ONSET_BONUS = 1.5;
/** Two clocks and two scrape intervals lie between a cause and its symptom. */
const ONSET_SLACK_MS = 5_000;

export interface Weighed {
  readonly prior: number;
  readonly score: number;
  readonly worst: number;
  readonly best: number;
  /** Share of the evidence, by weight, that is known: 0–1. */
  readonly coverage: number;
  /** A piece of evidence counts decisively for, or against. */
  readonly decisiveFor: boolean;
  readonly decisiveAgainst: boolean;
  /** Decibans of what is present and no symptom, with decisive symptoms: the case without elimination. */
  readonly proof: number;
  /** Decibans of what is present and neither shows trouble nor is a change: its own, and no effect of something else. */
  readonly ownProof: number;
  /** From how many sources its proof comes. */
  readonly witnesses: number;
  /** A change is part of its proof: the harm is known to have begun with it, and not to be there without it. */
  readonly byChange: boolean;
  /** Something of its own speaks for it: a present signal that is no symptom (its rivals share those), or any strong one. */
  readonly supported: boolean;
  /** Some present signal speaks for it, be it a symptom. */
  readonly fits: boolean;
  /** When the earliest supporting signal began, ms. */
  readonly since: number | undefined;
  /** The same of its own evidence and of what proves it: symptoms are shared by its rivals. */
  readonly onset: number | undefined;
}

/** What weighing reads of the outcomes of a runbook: one for each slot. */
export type Slots = readonly Outcome[];

/** The moment at which causes are weighed, and what of the outcomes is already over. */
export interface Look {
  /** ms since the epoch. */
  readonly now: number;
  /** When the first present symptom began; ms. */
  readonly onset: number | undefined;
  /** Slots whose signal is known to be over in the last part of its window. */
  readonly past: ReadonlySet<number>;
  /** Slots whose signal is known to hold in the last part of its window. */
  readonly lately: ReadonlySet<number>;
  /** Some symptom is over, and others are not. */
  readonly fading: boolean;
}

/** When the first present symptom began; undefined when no present symptom's beginning is known. */
export function symptomOnset(slots: Slots, symptoms: readonly number[], now: number): number | undefined {
  let first: number | undefined;
  for (const slot of symptoms) {
    const outcome = slots[slot];
    if (outcome?.state === 'present' && outcome.since !== undefined && outcome.since <= now) {
      first = first === undefined ? outcome.since : Math.min(first, outcome.since);
    }
  }
  return first;
}

/** Weighs a cause. `assume` replaces the state of one slot, for "what if it were known". */
export function weigh(
  compiled: CompiledCause,
  slots: Slots,
  symptoms: readonly number[],
  look: Look,
  assume?: { readonly slot: number; readonly state: OutcomeState }
): Weighed {
  const { evidence, groups, mass } = compiled;
  const { now, onset: onsetOfSymptoms } = look;
  const g = scratch(groups);
  for (let group = 0; group < groups; group++) {
    const at = group * WIDTH;
    g[at + SUM] = g[at + LOW] = g[at + HIGH] = g[at + PROOF] = g[at + PROOF_CAP] = g[at + DENIED] = g[at + SOURCES] = 0;
    g[at + FOR] = g[at + MAY_FOR] = compiled.capFor[group] ?? 0;
    g[at + AGAINST] = g[at + MAY_AGAINST] = compiled.capAgainst[group] ?? 0;
  }
  let known = 0;
  let decisiveFor = false;
  let decisiveAgainst = false;
  let supported = false;
  let fits = false;
  let since: number | undefined;
  let onset: number | undefined;
  let beganBefore = false;
  let mayBeginBefore = false;
  let symptomUnknown = false;
  let changeGroup = -1;
  let ownProof = 0;

  for (let index = 0; index < evidence.length; index++) {
    const item = evidence[index] as CompiledEvidence;
    const outcome = slots[item.slot];
    const assumed = assume !== undefined && assume.slot === item.slot;
    const state = assumed ? assume.state : outcome === undefined ? 'unknown' : outcome.state;
    const at = item.group * WIDTH;
    let weight = 0;
    let low = 0;
    let high = 0;
    if (state === 'unknown') {
      if (outcome?.reason !== 'not-applicable') {
        low = item.worst;
        high = item.best;
        mayBeginBefore ||= high > 0;
      }
    } else {
      const found = assumed
        ? state === 'present'
          ? PRESENT
          : ABSENT
        : readingOf(item, outcome as Outcome, slots, look);
      const present = found === PRESENT || found === UNDECIDED;
      weight = assumed ? (present ? item.present : item.absent) : weightAs(found, item, outcome as Outcome, look);
      low = high = weight;
      known += item.mass;
      decisiveAgainst ||= weight <= -DECIBANS.decisive;
      if (weight <= -DECIBANS.moderate) {
        g[at + DENIED] = 1;
      }
      if (weight > 0) {
        decisiveFor ||= weight >= DECIBANS.decisive;
        supported ||= weight >= DECIBANS.strong && !(present && item.symptomatic);
        if (present) {
          fits = true;
          ownProof += item.own ? weight : 0;
          supported ||= !item.symptomatic || (!item.view && weight >= DECIBANS.decisive);
          const proves = found === PRESENT && (assumed || isProof(item, outcome as Outcome, slots, look));
          if (proves) {
            add(g, at + PROOF, weight);
            raise(g, at + PROOF_CAP, weight);
            g[at + SOURCES] = (g[at + SOURCES] ?? 0) | item.source;
            changeGroup = item.change === undefined ? changeGroup : item.group;
          }
          if (outcome?.since !== undefined && outcome.since <= now) {
            since = since === undefined ? outcome.since : Math.min(since, outcome.since);
            if (proves || !item.symptomatic) {
              onset = onset === undefined ? outcome.since : Math.min(onset, outcome.since);
            }
            beganBefore ||=
              onsetOfSymptoms !== undefined && !item.symptomatic && outcome.since < onsetOfSymptoms - ONSET_SLACK_MS;
          }
        }
      }
    }
    add(g, at + SUM, weight);
    add(g, at + LOW, low);
    add(g, at + HIGH, high);
    // A grown weight lifts its group's cap with it: as things are, and as they might become.
    raise(g, at + FOR, weight);
    raise(g, at + MAY_FOR, high);
    raise(g, at + AGAINST, -weight);
    raise(g, at + MAY_AGAINST, -low);
  }
  for (const slot of symptoms) {
    symptomUnknown ||= slots[slot]?.state === 'unknown' && slots[slot]?.reason !== 'not-applicable';
  }

  const prior = PRIORS[compiled.cause.prior];
  let score = prior;
  let worst = prior;
  let best = prior;
  let proof = 0;
  let witnesses = 0;
  for (let group = 0; group < groups; group++) {
    const at = group * WIDTH;
    const nowFor = g[at + FOR] ?? 0;
    const nowAgainst = g[at + AGAINST] ?? 0;
    score += clip(g[at + SUM] ?? 0, nowAgainst, nowFor);
    worst += clip(g[at + LOW] ?? 0, Math.max(nowAgainst, g[at + MAY_AGAINST] ?? 0), nowFor);
    best += clip(g[at + HIGH] ?? 0, nowAgainst, Math.max(nowFor, g[at + MAY_FOR] ?? 0));
    if (g[at + DENIED] === 0) {
      proof += Math.min(g[at + PROOF] ?? 0, g[at + PROOF_CAP] ?? 0);
      witnesses |= g[at + SOURCES] ?? 0;
    }
  }
  if (beganBefore) {
    score += ONSET_BONUS;
    best += ONSET_BONUS;
    // An unknown symptom might turn out to have begun still earlier.
    worst += symptomUnknown ? 0 : ONSET_BONUS;
  } else if (mayBeginBefore || symptomUnknown) {
    best += ONSET_BONUS;
  }
  const coverage = mass === 0 ? 1 : known / mass;
  return {
    prior,
    score: exact(score),
    worst: exact(worst),
    best: exact(best),
    decisiveFor,
    decisiveAgainst,
    proof: exact(proof),
    ownProof: exact(ownProof),
    witnesses: countBits(witnesses),
    byChange: changeGroup >= 0 && g[changeGroup * WIDTH + DENIED] === 0,
    supported,
    fits,
    coverage,
    since,
    onset,
  };
}

/** Places of one group's numbers in the scratch array. */
const WIDTH = 11;
const SUM = 0;
const LOW = 1;
const HIGH = 2;
const FOR = 3;
const AGAINST = 4;
const MAY_FOR = 5;
const MAY_AGAINST = 6;
const PROOF = 7;
const PROOF_CAP = 8;
const DENIED = 9;
const SOURCES = 10;

function add(numbers: Float64Array, at: number, value: number): void {
  numbers[at] = (numbers[at] ?? 0) + value;
}

function raise(numbers: Float64Array, at: number, value: number): void {
  if (value > (numbers[at] ?? 0)) {
    numbers[at] = value;
  }
}

/**
 * What an unknown piece of evidence would give at its worst and at its best, grown as far as weights grow. One that does
 * not apply here will never be known, and gives nothing.
 */
export function extremes(item: CompiledEvidence, outcome: Outcome | undefined): readonly [number, number] {
  return outcome?.reason === 'not-applicable' ? NOTHING : [item.worst, item.best];
}

const NOTHING = [0, 0] as const;

/** Numbers of one cause's groups, used and forgotten within one call; kept because this runs for every cause. */
let buffer = new Float64Array(16 * WIDTH);

function scratch(groups: number): Float64Array {
  if (buffer.length < groups * WIDTH) {
    buffer = new Float64Array(groups * WIDTH);
  }
  return buffer;
}

/** How a known piece of evidence is to be read: as present, as present but open whether it is meant, as absent, as past. */
const ABSENT = 0;
const PRESENT = 1;
const UNDECIDED = 2;
const PAST = 3;
type Reading = typeof ABSENT | typeof PRESENT | typeof UNDECIDED | typeof PAST;

function readingOf(item: CompiledEvidence, outcome: Outcome, slots: Slots, look: Look): Reading {
  if (outcome.state === 'absent') {
    return ABSENT;
  }
  if (look.past.has(item.slot)) {
    return PAST;
  }
  if (item.where === undefined) {
    return PRESENT;
  }
  const meant = someRowMeets(item.where, outcome, slots);
  return meant === true ? PRESENT : meant === false ? ABSENT : UNDECIDED;
}

/** What a known piece of evidence gives before its group is capped, in decibans; 0 for an unknown. */
export function weightOf(item: CompiledEvidence, outcome: Outcome, slots: Slots, look: Look): number {
  return outcome.state === 'unknown' ? 0 : weightAs(readingOf(item, outcome, slots, look), item, outcome, look);
}

function weightAs(reading: Reading, item: CompiledEvidence, outcome: Outcome, look: Look): number {
  // Where it is open whether these rows are meant, they contradict nothing.
  if (reading === PAST || (reading === UNDECIDED && item.present < 0)) {
    return 0;
  }
  return reading === ABSENT
    ? item.absent * (outcome.state === 'absent' ? certainty(item, outcome) : 1)
    : item.present * growth(outcome, look.now) * certainty(item, outcome);
}

/** Whether a present piece of evidence that counts for its cause is also proof of it. */
function isProof(item: CompiledEvidence, outcome: Outcome, slots: Slots, look: Look): boolean {
  if (item.symptomatic && (item.view || item.present < DECIBANS.decisive)) {
    return false;
  }
  if (item.change !== undefined && !(isAbsent(item.change.onset, slots) && isAbsent(item.change.contrast, slots))) {
    return false;
  }
  if (item.lasting > 0 && !(outcome.since !== undefined && look.now - outcome.since >= item.lasting)) {
    return false;
  }
  if (look.fading && !item.momentary && !look.lately.has(item.slot)) {
    return false;
  }
  return item.proves === undefined || someRowMeets(item.proves, outcome, slots) === true;
}

function isAbsent(slot: number | undefined, slots: Slots): boolean {
  return slot !== undefined && slots[slot]?.state === 'absent';
}

/** Share of a threshold within which a value may be on its other side a moment later. */
const DEAD_BAND = 0.1;

/** 1 away from the threshold, a half at it. */
function certainty({ threshold }: CompiledEvidence, { value }: Outcome): number {
  if (threshold === undefined || value === undefined) {
    return 1;
  }
  const distance = Math.abs(value - threshold) / threshold;
  return distance >= DEAD_BAND ? 1 : 0.5 + (0.5 * distance) / DEAD_BAND;
}

function countBits(bits: number): number {
  let count = 0;
  for (let rest = bits; rest > 0; rest >>= 1) {
    count += rest & 1;
  }
  return count;
}

/** 1 at the threshold and fresh; up to 1.25 far past it and long. */
function growth(outcome: Outcome | undefined, now: number): number {
  if (outcome === undefined) {
    return 1;
  }
  const margin = outcome.margin ?? 0;
  const lasted = outcome.since === undefined ? 0 : Math.max(0, now - outcome.since);
  return 1 + MAX_GROWTH * (0.6 * (margin / (1 + margin)) + 0.4 * (lasted / (HALF_DURATION_MS + lasted)));
}

/** Sums of the same numbers in another order differ in the last bits; equal scores have to be equal. */
function exact(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}

function clip(value: number, against: number, forIt: number): number {
  return value > forIt ? forIt : value < -against ? -against : value;
}
