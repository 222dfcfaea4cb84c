/** A runbook as ranking reads it: each signal has a place, each cause its evidence, and what a page of it has to ask. */
import type { Runbook } from '../model/pack';
import { compileSentence, sentencePlaceholders } from '../wording/sentence';
import { parseTemplate } from '../wording/template';
import { compileCause } from './compileCause';
import { namedSignals } from './conditions';
import { explainsBeside } from './explains';
import { fixSignals, fixTexts } from './fixReads';
import type { CompiledRunbook, CompiledSignal } from './model';

export function compileRunbook(
  runbook: Runbook,
  all: ReadonlyMap<string, CompiledSignal>,
  troubles: ReadonlySet<string>
): CompiledRunbook {
  const slots = new Map<string, number>();
  const signals: CompiledSignal[] = [];
  const slotOf = (id: string): number => {
    const known = slots.get(id);
    if (known !== undefined) {
      return known;
    }
    const signal = all.get(id);
    if (signal === undefined) {
      throw new Error(`The runbook ${runbook.id} names the signal ${id}, which its pack does not have.`);
    }
    signals.push(signal);
    slots.set(id, signals.length - 1);
    return signals.length - 1;
  };
  const symptoms = [...new Set(runbook.symptoms)].map(slotOf);
  const causes = runbook.causes.map((cause) => compileCause(cause, runbook, signals, slotOf, troubles));
  const recent = new Map(
    signals.flatMap(({ signal }, slot) => {
      const twin = signal.recent === undefined ? undefined : all.get(signal.recent);
      return twin === undefined ? [] : [[slot, twin.key] as const];
    })
  );
  return { runbook, signals, symptoms, recent, causes, edges: edgesOf(runbook), asks: asksOf(runbook, all) };
}

function edgesOf(runbook: Runbook): Map<string, Set<string>> {
  const edges = new Map<string, Set<string>>();
  for (const cause of runbook.causes) {
    const found = runbook.causes.filter((other) => explainsBeside(cause, other, runbook.pack, runbook.id));
    if (found.length > 0) {
      edges.set(cause.id, new Set(found.map(({ id }) => id)));
    }
  }
  return edges;
}

function asksOf(runbook: Runbook, all: ReadonlyMap<string, CompiledSignal>): string[] {
  const wanted = new Set<string>(runbook.symptoms);
  const addPlaceholders = (text: string) => {
    for (const part of parseTemplate(text)) {
      if (typeof part !== 'string' && all.has(part.name)) {
        wanted.add(part.name);
      }
    }
  };
  for (const cause of runbook.causes) {
    sentencePlaceholders(compileSentence(cause.says)).forEach(({ name }) => all.has(name) && wanted.add(name));
    for (const item of cause.evidence) {
      [item.signal, ...namedSignals(item)].forEach((id) => wanted.add(id));
      addPlaceholders(item.says ?? '');
    }
  }
  for (const fix of Object.values(runbook.fixes)) {
    fixSignals(fix).forEach((id) => wanted.add(id));
    fixTexts(fix).forEach(addPlaceholders);
  }
  for (const id of wanted) {
    // A Set may grow while it is walked: requirements of requirements are found too.
    const signal = all.get(id)?.signal;
    const { query } = signal ?? {};
    const parts = query?.source === 'combine' ? Object.values(query.of) : [];
    [...(signal?.requires ?? []), ...parts].forEach((id) => all.has(id) && wanted.add(id));
    for (const named of [signal?.recent, signal?.change?.onset, signal?.change?.contrast]) {
      if (named !== undefined && all.has(named)) {
        wanted.add(named);
      }
    }
  }
  return [...wanted];
}
