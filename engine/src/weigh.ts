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
 * Everything here is monotone: a signal that turns from unknown to supporting never lowers a score, and the score always
 * lies in its interval. Property tests hold both.
 */
import { DECIBANS, type CompiledCause, type CompiledEvidence } from './compiled';
import type { Outcome, OutcomeState } from './model/outcome';
import type { Prior } from './model/pack';

export const PRIORS: Readonly<Record<Prior, number>> = { common: 2, usual: 0, rare: -3 };
/** Greatest growth of a weight: a quarter. */
const MAX_GROWTH = 0.25;
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
  /** One for each piece of evidence, in its order. */
  readonly weights: readonly number[];
  /** Share of the evidence, by weight, that is known: 0–1. */
  readonly coverage: number;
  /** A piece of evidence counts decisively for, or against. */
  readonly decisiveFor: boolean;
  readonly decisiveAgainst: boolean;
  /** Something of its own speaks for it: a present signal that is no symptom (its rivals share those), or any strong one. */
  readonly supported: boolean;
  /** Some present signal speaks for it, be it a symptom. */
  readonly fits: boolean;
  readonly onset: boolean;
  /** When the earliest supporting signal began, ms. */
  readonly since?: number;
}

/** What weighing reads of the outcomes of a runbook: one for each slot. */
export type Slots = readonly Outcome[];

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
  onsetOfSymptoms: number | undefined,
  now: number,
  assume?: { readonly slot: number; readonly state: OutcomeState }
): Weighed {
  const { evidence, groups, mass } = compiled;
  const { sums, capsFor, capsAgainst } = scratch(groups);
  for (let group = 0; group < groups; group++) {
    const capFor = compiled.capFor[group] ?? 0;
    const capAgainst = compiled.capAgainst[group] ?? 0;
    sums[group * 3] = sums[group * 3 + 1] = sums[group * 3 + 2] = 0;
    capsFor[group * 2] = capsFor[group * 2 + 1] = capFor;
    capsAgainst[group * 2] = capsAgainst[group * 2 + 1] = capAgainst;
  }
  const weights: number[] = [];
  let known = 0;
  let decisiveFor = false;
  let decisiveAgainst = false;
  let supported = false;
  let fits = false;
  let since: number | undefined;
  let beganBefore = false;
  let mayBeginBefore = false;
  let symptomUnknown = false;

  for (const item of evidence) {
    const outcome = slots[item.slot];
    const assumed = assume?.slot === item.slot;
    const state = assumed ? assume.state : (outcome?.state ?? 'unknown');
    const { group } = item;
    let weight = 0;
    let low = 0;
    let high = 0;
    if (state === 'unknown') {
      [low, high] = extremes(item, outcome);
      mayBeginBefore ||= high > 0;
    } else {
      weight = state === 'absent' ? item.absent : item.present * (assumed ? 1 : growth(outcome, now));
      low = high = weight;
      known += Math.max(Math.abs(item.present), Math.abs(item.absent));
      decisiveFor ||= weight >= DECIBANS.decisive;
      decisiveAgainst ||= weight <= -DECIBANS.decisive;
      fits ||= weight > 0 && state === 'present';
      supported ||= weight >= DECIBANS.strong || (weight > 0 && state === 'present' && !symptoms.includes(item.slot));
      if (state === 'present' && weight > 0 && outcome?.since !== undefined && outcome.since <= now) {
        since = since === undefined ? outcome.since : Math.min(since, outcome.since);
        if (
          onsetOfSymptoms !== undefined &&
          !symptoms.includes(item.slot) &&
          outcome.since < onsetOfSymptoms - ONSET_SLACK_MS
        ) {
          beganBefore = true;
        }
      }
    }
    weights.push(weight);
    sums[group * 3] = (sums[group * 3] ?? 0) + weight;
    sums[group * 3 + 1] = (sums[group * 3 + 1] ?? 0) + low;
    sums[group * 3 + 2] = (sums[group * 3 + 2] ?? 0) + high;
    // A grown weight lifts its group's cap with it: [0] as things are, [1] as they might become.
    capsFor[group * 2] = Math.max(capsFor[group * 2] ?? 0, weight);
    capsFor[group * 2 + 1] = Math.max(capsFor[group * 2 + 1] ?? 0, high);
    capsAgainst[group * 2] = Math.max(capsAgainst[group * 2] ?? 0, -weight);
    capsAgainst[group * 2 + 1] = Math.max(capsAgainst[group * 2 + 1] ?? 0, -low);
  }
  for (const slot of symptoms) {
    symptomUnknown ||= slots[slot]?.state === 'unknown' && slots[slot]?.reason !== 'not-applicable';
  }

  const prior = PRIORS[compiled.cause.prior];
  let score = prior;
  let worst = prior;
  let best = prior;
  for (let group = 0; group < groups; group++) {
    const nowFor = capsFor[group * 2] ?? 0;
    const nowAgainst = capsAgainst[group * 2] ?? 0;
    score += clip(sums[group * 3] ?? 0, nowAgainst, nowFor);
    worst += clip(sums[group * 3 + 1] ?? 0, Math.max(nowAgainst, capsAgainst[group * 2 + 1] ?? 0), nowFor);
    best += clip(sums[group * 3 + 2] ?? 0, nowAgainst, Math.max(nowFor, capsFor[group * 2 + 1] ?? 0));
  }
  if (beganBefore) {
    score += ONSET_BONUS;
    best += ONSET_BONUS;
    // An unknown symptom might turn out to have begun still earlier.
    worst += symptomUnknown ? 0 : ONSET_BONUS;
  } else if (mayBeginBefore || symptomUnknown) {
    best += ONSET_BONUS;
  }
  return {
    prior,
    score: exact(score),
    worst: exact(worst),
    best: exact(best),
    weights,
    decisiveFor,
    decisiveAgainst,
    supported,
    fits,
    coverage: mass === 0 ? 1 : known / mass,
    onset: beganBefore,
    ...(since === undefined ? {} : { since }),
  };
}

/**
 * What an unknown piece of evidence would give at its worst and at its best, grown as far as weights grow. One that does
 * not apply here will never be known, and gives nothing.
 */
export function extremes(item: CompiledEvidence, outcome: Outcome | undefined): readonly [number, number] {
  if (outcome?.reason === 'not-applicable') {
    return NOTHING;
  }
  const grown = item.present * (1 + MAX_GROWTH);
  return [Math.min(0, grown, item.absent), Math.max(0, grown, item.absent)];
}

const NOTHING = [0, 0] as const;

/** Sums and caps of one cause's groups, used and forgotten within one call; kept because this runs for every cause. */
let buffers = { sums: new Float64Array(48), capsFor: new Float64Array(32), capsAgainst: new Float64Array(32) };

function scratch(groups: number): typeof buffers {
  if (buffers.sums.length < groups * 3) {
    buffers = {
      sums: new Float64Array(groups * 3),
      capsFor: new Float64Array(groups * 2),
      capsAgainst: new Float64Array(groups * 2),
    };
  }
  return buffers;
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
