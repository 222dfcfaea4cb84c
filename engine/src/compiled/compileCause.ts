/** A cause as ranking reads it: bands as numbers, signals as positions, groups as caps. */
import type { Cause, Runbook, Signal } from '../model/pack';
import { capitalise } from '../wording/capitalise';
import { compileSentence } from '../wording/sentence';
import { compileConditions } from './conditions';
import { DECIBANS, MAX_GROWTH } from './decibans';
import { namesOf } from './explains';
import type { CompiledCause, CompiledEvidence, CompiledSignal } from './model';

const SOURCES: ReadonlyArray<Signal['query']['source']> = ['prometheus', 'loki', 'diagnostics', 'alert', 'manual'];

export function compileCause(
  cause: Cause,
  runbook: Runbook,
  signals: readonly CompiledSignal[],
  slotOf: (id: string) => number,
  troubles: ReadonlySet<string>
): CompiledCause {
  const groups = new Map<string, number>();
  const capFor: number[] = [];
  const capAgainst: number[] = [];
  let mass = 0;
  const evidence = cause.evidence.map((item, index): CompiledEvidence => {
    const name = item.group === undefined ? `#${index}` : item.group;
    const group = groups.get(name) ?? groups.size;
    groups.set(name, group);
    const present = item.present.sign * DECIBANS[item.present.band];
    const absent = item.absent.sign * DECIBANS[item.absent.band];
    capFor[group] = Math.max(capFor[group] ?? 0, present, absent);
    capAgainst[group] = Math.max(capAgainst[group] ?? 0, -present, -absent);
    const ownMass = Math.max(Math.abs(present), Math.abs(absent));
    mass += ownMass;
    const grown = present * (1 + MAX_GROWTH);
    const slot = slotOf(item.signal);
    const signal = signals[slot];
    if (signal === undefined) {
      throw new Error(`no signal at slot ${slot}`);
    }
    const { viewOf, change, query, test } = signal.signal;
    return {
      evidence: item,
      signal,
      slot,
      present,
      absent,
      group,
      // What one runbook calls its trouble is in no other the reason.
      symptomatic: troubles.has(item.signal) || viewOf !== undefined,
      view: viewOf !== undefined,
      own: isOwn(signal.signal),
      where: compileConditions(item.where, slotOf),
      proves: compileConditions(item.proves, slotOf),
      lasting: (item.lasting ?? 0) * 1000,
      change: change && {
        onset: change.onset === undefined ? undefined : slotOf(change.onset),
        contrast: change.contrast === undefined ? undefined : slotOf(change.contrast),
      },
      // What is made of other signals is no witness beside them.
      source: 1 << SOURCES.indexOf(query.source === 'combine' ? 'prometheus' : query.source),
      momentary: query.source === 'diagnostics' || query.source === 'alert',
      threshold: 'above' in test && test.above > 0 ? test.above : undefined,
      worst: Math.min(0, grown, absent),
      best: Math.max(0, grown, absent),
      mass: ownMass,
      says: item.says === undefined ? undefined : compileSentence(item.says),
    };
  });
  return {
    cause,
    title: capitalise(cause.title),
    names: namesOf(cause, runbook.pack, runbook.id),
    evidence,
    meansRows: evidence.some(({ where, present }) => where !== undefined && present > 0),
    groups: groups.size,
    capFor,
    capAgainst,
    mass,
    says: compileSentence(cause.says),
  };
}

/** Neither shows trouble that may come from elsewhere, nor sees it closer, nor is a change. */
function isOwn({ effect, own, viewOf, change }: Signal): boolean {
  return (effect === undefined || own === true) && viewOf === undefined && change === undefined;
}
