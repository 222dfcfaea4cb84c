/** Which unknown to look at next: the one that tells the leaders apart best for what asking costs. */
import type { CompiledRunbook } from '../compiled/model';
import type { NextCheck, RunbookDiagnosis } from '../model/diagnosis';
import type { Outcome } from '../model/outcome';
import { weigh, type Look, type Slots } from './weigh';
import type { Entry } from './verdict';

const EQUAL = 1e-9;

/** The unknown worth asking for next; undefined when none is or nothing more is needed. */
export function chooseNextCheck(
  runbook: CompiledRunbook,
  slots: Slots,
  ranking: { readonly ranked: readonly Entry[] },
  leaders: readonly Entry[],
  state: RunbookDiagnosis['state'],
  look: Look
): NextCheck | undefined {
  if (state === 'healthy') {
    return undefined;
  }
  if (state === 'unknown') {
    const open = runbook.symptoms.filter((slot) => isUnknown(slots[slot]));
    const cheapest = open.sort(
      (a, b) => cost(runbook, a) - cost(runbook, b) || (idOf(runbook, a) < idOf(runbook, b) ? -1 : 1)
    )[0];
    return cheapest === undefined
      ? undefined
      : nextCheck(runbook, slots, cheapest, [], 'it says whether anything is wrong at all');
  }
  // The pair to tell apart: the leaders, or the leader and its best rival, or the two most promising causes.
  const open = ranking.ranked.filter(({ verdict }) => verdict !== 'refuted');
  const a = leaders[0] ?? mostPromising(open);
  if (a === undefined) {
    return undefined;
  }
  const b = leaders[1] ?? mostPromising(open.filter((entry) => entry !== a));
  const sure = leaders.length === 1 && a.verdict === 'likely' && (b === undefined || a.weighed.worst > b.weighed.best);
  if (sure) {
    return undefined;
  }
  const gap = (slot: number, assumed: 'present' | 'absent') => {
    const assume = { slot, state: assumed };
    const score = (entry: Entry) => weigh(entry.compiled, slots, runbook.symptoms, look, assume).score;
    return score(a) - (b === undefined ? 0 : score(b));
  };
  const before = a.weighed.score - (b?.weighed.score ?? 0);
  let best: { slot: number; worth: number } | undefined;
  for (const slot of unknownAmong(slots, a, b)) {
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

/** Of several the first that could come to the highest score. */
function mostPromising(entries: readonly Entry[]): Entry | undefined {
  let best: Entry | undefined;
  for (const entry of entries) {
    if (best === undefined || entry.weighed.best > best.weighed.best) {
      best = entry;
    }
  }
  return best;
}

/** Slots of the evidence of two causes that are unknown, in order. */
function unknownAmong(slots: Slots, a: Entry, b: Entry | undefined): number[] {
  const unknown = new Set<number>();
  for (const entry of b === undefined ? [a] : [a, b]) {
    for (const { slot } of entry.compiled.evidence) {
      if (isUnknown(slots[slot])) {
        unknown.add(slot);
      }
    }
  }
  return [...unknown].sort((x, y) => x - y);
}

function isUnknown(outcome: Outcome | undefined): boolean {
  return outcome?.state === 'unknown' && outcome.reason !== 'not-applicable';
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

function idOf(runbook: CompiledRunbook, slot: number): string {
  return runbook.signals[slot]?.signal.id ?? '';
}

function cost(runbook: CompiledRunbook, slot: number): number {
  return runbook.signals[slot]?.signal.cost ?? 1;
}
