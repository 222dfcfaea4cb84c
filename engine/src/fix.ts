import { compiled, unasked } from './compiled';
import { factsOf } from './diagnose';
import { outcomeWords } from './facts';
import { compileFill, fill, type FillValue } from './fill';
import type { BoundPack, OutcomeMap } from './model/bound';
import type { FilledFix, FixWatch } from './model/fix';
import type { Outcome } from './model/outcome';
import { paramValue } from './plan';
import { compileSentence, renderSentence } from './sentence';
import { placeholderName, type Placeholder } from './template';
import { formatDuration, formatUnit } from './units';

/**
 * Fills a fix's command, reach and preconditions with what is known now. Throws when the pack has no such fix. What is
 * missing is listed with why; the command is then not to be run.
 */
export function fillFix(bound: BoundPack, runbookId: string, fixId: string, outcomes: OutcomeMap): FilledFix {
  const pack = compiled(bound.pack);
  const runbook = pack.runbooks.get(runbookId)?.runbook;
  const fix = runbook && Object.hasOwn(runbook.fixes, fixId) ? runbook.fixes[fixId] : undefined;
  if (fix === undefined) {
    throw new Error(`The runbook ${bound.pack.id}/${runbookId} has no fix ${fixId}.`);
  }
  const outcomeOf = (signal: string): Outcome => {
    const found = pack.signals.get(signal);
    return (found && outcomes.get(found.key)) ?? unasked(signal);
  };
  const { text, missing } = fill(compileFill(fix.command, fix.language), (placeholder) =>
    Object.hasOwn(bound.pack.params, placeholder.name)
      ? paramValue(bound, placeholder)
      : factValue(outcomeOf(placeholder.name), placeholder)
  );
  const facts = factsOf(bound, outcomes);
  const say = (sentence: string) => renderSentence(compileSentence(sentence), facts);
  const preconditions = fix.when.map((id) => {
    const signal = pack.signals.get(id)?.signal;
    const outcome = outcomeOf(id);
    return {
      signal: id,
      title: signal?.title ?? id,
      state: outcome.state,
      says: signal ? outcomeWords(signal, outcome) : id,
    };
  });
  const verified = fix.verify && pack.signals.get(fix.verify.signal)?.signal;
  const before = fix.verify && outcomeOf(fix.verify.signal);
  const complete = missing.length === 0;
  return {
    pack: bound.pack.id,
    runbook: runbookId,
    fix,
    command: text,
    complete,
    missing: dedupe(missing),
    preconditions,
    ready: complete && preconditions.every(({ state }) => state === 'present'),
    reach: say(fix.reach),
    ...(fix.rollback === undefined ? {} : { rollback: say(fix.rollback) }),
    ...(fix.confirm === undefined ? {} : { confirm: say(fix.confirm) }),
    ...(fix.verify && verified
      ? {
          verify: {
            ...fix.verify,
            title: verified.title,
            unit: verified.unit,
            ...(before === undefined ? {} : { before }),
          },
        }
      : {}),
  };
}

function factValue(outcome: Outcome, placeholder: Placeholder): FillValue | string {
  const { column } = placeholder;
  if (outcome.state === 'unknown') {
    return `${placeholder.name} is unknown${outcome.detail === undefined ? '' : ` (${outcome.detail})`}`;
  }
  if (column === undefined) {
    return outcome.value === undefined ? `${placeholder.name} has no value now` : { value: outcome.value };
  }
  const value = outcome.rows[0]?.[column];
  return value === undefined || value === null ? `${placeholderName(placeholder)} has no value now` : { value };
}

/**
 * Watches whether a fix worked. `history` holds the outcomes of its `verify` signal, in any order; `copiedAt` and `now`
 * are in ms. It worked when the newest known outcome since the copy is the wished one and it was not so before.
 */
export function watchFix(filled: FilledFix, history: readonly Outcome[], copiedAt: number, now: number): FixWatch {
  const { verify } = filled;
  if (verify === undefined) {
    return { state: 'unknown', says: 'This fix names no signal that would show whether it worked.' };
  }
  const sorted = [...history].sort((a, b) => a.askedAt - b.askedAt);
  const known = sorted.filter(({ state }) => state !== 'unknown');
  const before =
    known.filter(({ askedAt }) => askedAt <= copiedAt).at(-1) ??
    (verify.before?.state === 'unknown' ? undefined : verify.before);
  const after = known.filter(({ askedAt }) => askedAt > copiedAt);
  const last = after.at(-1);
  const leftMs = copiedAt + verify.within * 1000 - now;
  const waiting: FixWatch = {
    state: 'waiting',
    says: `Waiting up to ${formatDuration(verify.within)} for "${verify.title}" to become ${verify.becomes}${before?.value === undefined ? '' : `; it was ${valueOf(before, verify.unit)}`}.`,
    leftMs: Math.max(0, leftMs),
  };
  if (before?.state === verify.becomes) {
    return {
      state: 'unknown',
      says: `"${verify.title}" was ${verify.becomes} already before the fix, so it cannot show whether the fix worked.`,
    };
  }
  if (last === undefined) {
    if (leftMs > 0) {
      return waiting;
    }
    const unseen = sorted.filter(({ askedAt }) => askedAt > copiedAt).at(-1);
    return {
      state: 'unknown',
      says: `Whether it worked cannot be said: "${verify.title}" could not be checked${unseen?.detail === undefined ? '' : ` (${unseen.detail})`}.${unseen?.mend === undefined ? '' : ` ${unseen.mend}`}`,
    };
  }
  if (last.state === verify.becomes) {
    // The wished state counts from where it has held without a break.
    let begun = last;
    for (const outcome of [...after].reverse()) {
      if (outcome.state !== verify.becomes) {
        break;
      }
      begun = outcome;
    }
    const tookMs = begun.askedAt - copiedAt;
    return {
      state: 'worked',
      says: `${change(verify.title, before, last, verify.unit)} in ${formatDuration(tookMs / 1000)}: it worked.`,
      tookMs,
    };
  }
  if (leftMs > 0) {
    return waiting;
  }
  const undo = filled.rollback === undefined ? '' : ` Undo it: ${filled.rollback.replace(/\.$/, '')}.`;
  return {
    state: 'no-change',
    says: `${change(verify.title, before, last, verify.unit)}: not ${verify.becomes} after ${formatDuration((now - copiedAt) / 1000)}.${undo} Try the next cause.`,
  };
}

function change(title: string, before: Outcome | undefined, after: Outcome, unit: string): string {
  if (before?.value !== undefined && after.value !== undefined) {
    return `${title}: ${valueOf(before, unit)} → ${valueOf(after, unit)}`;
  }
  return before === undefined ? `${title}: now ${after.state}` : `${title}: ${before.state} → ${after.state}`;
}

function valueOf(outcome: Outcome, unit: string): string {
  return outcome.value === undefined ? outcome.state : formatUnit(outcome.value, outcome.unit ?? unit);
}

function dedupe(missing: FilledFix['missing']): FilledFix['missing'] {
  return missing.filter(
    (item, index) => missing.findIndex(({ placeholder }) => placeholder === item.placeholder) === index
  );
}
