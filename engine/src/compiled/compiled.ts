/**
 * What can be worked out once for a pack: templates read, evidence as numbers, signals as positions in an array.
 * Kept beside the pack (weakly), so that judging and ranking touch no string that they need not touch.
 */
import { addTo } from '../addTo';
import type { Cause, Pack, Runbook } from '../model/pack';
import { compileRunbook } from './compileRunbook';
import { sharedName } from './explains';
import type { CompiledPack, CompiledRunbook, CompiledSignal } from './model';

const packs = new WeakMap<Pack, CompiledPack>();

/** The compiled form of a pack; worked out at the first call. */
export function compiled(pack: Pack): CompiledPack {
  let found = packs.get(pack);
  if (found === undefined) {
    found = compile(pack);
    packs.set(pack, found);
  }
  return found;
}

/** Keys (`<pack>/<signal>`) of the signals that a runbook judges: what triage counts as checked or not. None where the pack has no such runbook. */
export function judgedKeys(pack: Pack, runbook: string): string[] {
  return (
    compiled(pack)
      .runbooks.get(runbook)
      ?.signals.map(({ key }) => key) ?? []
  );
}

function compile(pack: Pack): CompiledPack {
  const signals = new Map<string, CompiledSignal>();
  for (const signal of Object.values(pack.signals)) {
    signals.set(signal.id, { signal, key: `${pack.id}/${signal.id}` });
  }
  const runbooks = new Map<string, CompiledRunbook>();
  const symptomatic = new Set(pack.runbooks.flatMap(({ symptoms }) => symptoms));
  for (const runbook of pack.runbooks) {
    runbooks.set(runbook.id, compileRunbook(runbook, signals, symptomatic));
  }
  const judged = new Set([...runbooks.values()].flatMap((runbook) => runbook.signals));
  const askedBy = new Map<CompiledSignal, string[]>();
  for (const [id, runbook] of runbooks) {
    runbook.signals.forEach((asked) => addTo(askedBy, asked, id));
  }
  const troubles = [...judged].filter(({ signal }) => signal.trouble ?? 'critical' in signal.test);
  return {
    pack,
    signals,
    runbooks,
    judged: [...judged],
    home: homesOf(runbooks.values()),
    shared: sharedOf(pack),
    showing: [...signals.values()].filter(({ signal }) => signal.effect !== undefined),
    troubles,
    askedBy,
  };
}

function sharedOf(pack: Pack): Map<string, Cause[]> {
  const shared = new Map<string, Cause[]>();
  for (const cause of pack.runbooks.flatMap(({ causes }) => causes)) {
    addTo(shared, sharedName(cause.identity), cause);
  }
  return shared;
}

function homesOf(runbooks: Iterable<CompiledRunbook>): Map<string, Runbook> {
  const asSymptom = new Map<string, Runbook>();
  const asEvidence = new Map<string, Runbook>();
  for (const { runbook, signals, symptoms } of runbooks) {
    signals.forEach(({ signal }, slot) => {
      const homes = symptoms.includes(slot) ? asSymptom : asEvidence;
      if (!homes.has(signal.id)) {
        homes.set(signal.id, runbook);
      }
    });
  }
  return new Map([...asEvidence, ...asSymptom]);
}
