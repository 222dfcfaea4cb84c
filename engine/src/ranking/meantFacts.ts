import type { CompiledCause } from '../compiled/model';
import type { Outcome } from '../model/outcome';
import { rowsThatMeet } from '../judging/rows';
import type { Facts } from '../wording/sentence';
import type { Slots } from './weigh';

/** Facts in which the rows that a cause's evidence means go first: its sentences speak of those. */
export function meantFacts({ evidence, meansRows }: CompiledCause, slots: Slots, facts: Facts): Facts {
  if (!meansRows) {
    return facts;
  }
  const meant = new Map<string, Outcome>();
  for (const { where, present, slot, evidence: item } of evidence) {
    const outcome = slots[slot];
    if (where !== undefined && present > 0 && outcome?.state === 'present' && outcome.rows.length > 1) {
      const rows = rowsThatMeet(where, outcome, slots);
      if (rows.length > 0) {
        meant.set(item.signal, { ...outcome, rows: [...rows, ...outcome.rows.filter((row) => !rows.includes(row))] });
      }
    }
  }
  return { param: (name) => facts.param(name), outcome: (signal) => meant.get(signal) ?? facts.outcome(signal) };
}
