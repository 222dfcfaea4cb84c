/**
 * What those that a component depends on were heard to say. Silence counts only when it was heard: one that was not asked, or not
 * about everything, is not well.
 */
import type { OutcomeMap } from '../model/bound';
import type { Place } from './place';
import type { Surroundings } from './surroundings';

/** Titles of the components that one depends on, by what is known of them. */
export interface Silence {
  /** A signal that shows trouble is present. */
  readonly troubled: readonly string[];
  /** Every signal that could show trouble was answered, and none is present. */
  readonly well: readonly string[];
  /** None is present among those that were answered, and some were not. */
  readonly partly: readonly string[];
  /** None was answered. */
  readonly unheard: readonly string[];
}

/** Undefined where no arrow leads from the component: then nothing is known of what it depends on. */
export function silenceAround(around: Surroundings, place: Place, outcomes: OutcomeMap): Silence | undefined {
  const needs = around.needsOf(place);
  if (needs.length === 0) {
    return undefined;
  }
  const found: Record<keyof Silence, string[]> = { troubled: [], well: [], partly: [], unheard: [] };
  for (const need of needs) {
    found[heardOf(around, need, outcomes)].push(around.titleOf(need));
  }
  return found;
}

function heardOf(around: Surroundings, place: Place, outcomes: OutcomeMap): keyof Silence {
  let absent = 0;
  let unknown = 0;
  for (const { key } of around.showing(place)) {
    const outcome = outcomes.get(key);
    if (outcome?.state === 'present') {
      return 'troubled';
    }
    absent += Number(outcome?.state === 'absent');
    unknown += Number(outcome?.state !== 'absent' && outcome?.reason !== 'not-applicable');
  }
  return absent === 0 ? 'unheard' : unknown > 0 ? 'partly' : 'well';
}
