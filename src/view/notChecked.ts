import { capitalise, type BoundPack, type Outcome, type UnknownReason } from '@live-runbooks/engine';
import type { Evaluation } from '../evaluation/evaluation';
import { REASON_ORDER } from '../words/reasons';
import { diagnosedSignals, signalOf } from './signals';

/** Signals that are unknown for the same reason and mended in the same way. */
export interface NotCheckedGroup {
  readonly reason: UnknownReason;
  readonly mend: string;
  /** What the sources said; each once. */
  readonly details: readonly string[];
  readonly signals: ReadonlyArray<{ readonly key: string; readonly title: string }>;
  /** What else could not be read, beside the signals: alert rules, checks that no signal asks. */
  readonly beside: readonly string[];
}

export interface NotChecked {
  /** What could not be seen and should be. */
  readonly blind: readonly NotCheckedGroup[];
  /** What does not apply at present; no blindness. */
  readonly notApplicable: readonly NotCheckedGroup[];
  /** Signals. */
  readonly blindCount: number;
  /** What else could not be read. */
  readonly besideCount: number;
}

/**
 * Groups the unknown outcomes by reason and mend, what a person can mend first. A signal that two packs share is counted
 * once for each of them, because each asks it of a target of its own.
 */
export function notChecked(evaluation: Evaluation, bounds: readonly BoundPack[]): NotChecked {
  const diagnosed = diagnosedSignals(evaluation, bounds);
  const groups = new Map<
    string,
    { reason: UnknownReason; mend: string; details: Set<string>; signals: Map<string, string>; beside: Set<string> }
  >();
  const groupOf = (reason: UnknownReason, mend: string) => {
    const id = `${reason}\n${mend}`;
    const group = groups.get(id) ?? { reason, mend, details: new Set(), signals: new Map(), beside: new Set() };
    groups.set(id, group);
    return group;
  };
  for (const [key, outcome] of evaluation.outcomes) {
    // Signals that only a fix reads say nothing about what is wrong.
    if (outcome.state !== 'unknown' || !diagnosed.has(key)) {
      continue;
    }
    const reason = outcome.reason ?? 'query-error';
    const mend = outcome.mend ?? '';
    const group = groupOf(reason, mend);
    if (outcome.detail) {
      group.details.add(outcome.detail);
    }
    group.signals.set(key, titleOf(key, outcome, bounds));
  }
  for (const { what, reason, mend, detail } of evaluation.triage.unread) {
    const group = groupOf(reason, mend);
    group.details.add(detail);
    group.beside.add(capitalise(what));
  }
  const all = [...groups.values()]
    .map((g) => ({
      reason: g.reason,
      mend: g.mend,
      details: [...g.details].sort(),
      signals: [...g.signals].map(([key, title]) => ({ key, title })).sort((a, b) => a.title.localeCompare(b.title)),
      beside: [...g.beside].sort(),
    }))
    .sort(
      (a, b) =>
        REASON_ORDER.indexOf(a.reason) - REASON_ORDER.indexOf(b.reason) ||
        b.signals.length - a.signals.length ||
        a.mend.localeCompare(b.mend)
    );
  const isBlind = (group: NotCheckedGroup) => group.reason !== 'not-applicable';
  const blind = all.filter(isBlind);
  return {
    blind,
    notApplicable: all.filter((group) => !isBlind(group)),
    blindCount: blind.reduce((n, g) => n + g.signals.length, 0),
    besideCount: blind.reduce((n, g) => n + g.beside.length, 0),
  };
}

function titleOf(key: string, outcome: Outcome, bounds: readonly BoundPack[]): string {
  return signalOf(bounds, key)?.title ?? outcome.signal;
}
