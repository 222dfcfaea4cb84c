import { compiled } from '../compiled/compiled';
import { unasked } from '../compiled/unasked';
import { factsOf } from '../ranking/diagnose';
import { outcomeWords } from '../wording/facts';
import { compileFill, fill, type FillValue } from '../quoting/fill';
import type { BoundPack, OutcomeMap } from '../model/bound';
import type { FilledFix } from '../model/fix';
import type { Outcome } from '../model/outcome';
import type { Fix, Signal } from '../model/pack';
import { paramValue } from '../planning/plan';
import { thresholdOf } from '../thresholdOf';
import { compileSentence, renderSentence, type Facts } from '../wording/sentence';
import { placeholderName, type Placeholder } from '../wording/template';
import { formatUnit } from '../wording/units';
import { judgeChange } from './change';
import { fillInputs, inputValue } from './inputs';
import { windowSeconds } from './window';

/**
 * Fills a fix's command, sentences and preconditions with what is known now, and with what the person typed into its
 * inputs. Throws when the pack has no such fix. What is missing is listed with why; the command is then not to be run.
 */
export function fillFix(
  bound: BoundPack,
  runbookId: string,
  fixId: string,
  outcomes: OutcomeMap,
  typed: Readonly<Record<string, string>> = {}
): FilledFix {
  const pack = compiled(bound.pack);
  const runbook = pack.runbooks.get(runbookId)?.runbook;
  const fix = runbook && Object.hasOwn(runbook.fixes, fixId) ? runbook.fixes[fixId] : undefined;
  if (fix === undefined) {
    throw new Error(`The runbook ${bound.pack.id}/${runbookId} has no fix ${fixId}.`);
  }
  const signalOf = (id: string) => pack.signals.get(id)?.signal;
  const titleOf = (id: string) => signalOf(id)?.title ?? id;
  const outcomeOf = (id: string): Outcome => {
    const found = pack.signals.get(id);
    return (found && outcomes.get(found.key)) ?? unasked(id);
  };
  const inputs = fillInputs(fix, bound, typed);
  const { text, missing } = fill(compileFill(fix.command, fix.language), (placeholder) => {
    const input = inputs.find(({ name }) => name === placeholder.name);
    if (input !== undefined) {
      return inputValue(input);
    }
    return Object.hasOwn(bound.pack.params, placeholder.name)
      ? paramValue(bound, placeholder)
      : factValue(outcomeOf(placeholder.name), placeholder);
  });
  const facts = factsOf(bound, outcomes);
  const typedToo: Facts = {
    ...facts,
    outcome: (id) => facts.outcome(id),
    param: (name) =>
      inputs.find((input) => input.name === name && input.problem === undefined)?.value ?? facts.param(name),
  };
  const say = (sentence: string) => renderSentence(compileSentence(sentence), typedToo);
  const precondition = (wanted: 'present' | 'absent') => (id: string) => {
    const signal = signalOf(id);
    const outcome = outcomeOf(id);
    return {
      signal: id,
      title: titleOf(id),
      wanted,
      state: outcome.state,
      says: signal ? outcomeWords(signal, outcome) : id,
    };
  };
  const preconditions = [...fix.when.map(precondition('present')), ...fix.unless.map(precondition('absent'))];
  const change = judgeChange(fix, inputs, outcomeOf, titleOf);
  const complete = missing.length === 0 && change?.refused === undefined;
  const sentences = (['note', 'rollback', 'confirm'] as const).flatMap((key) => {
    const sentence = fix[key];
    return sentence === undefined ? [] : [[key, say(sentence)] as const];
  });
  const { on } = fix;
  return {
    pack: bound.pack.id,
    runbook: runbookId,
    fix,
    command: text,
    complete,
    missing: dedupe(missing),
    inputs,
    ...(change === undefined ? {} : { change }),
    preconditions,
    ready: complete && preconditions.every(({ state, wanted }) => state === wanted),
    ...(on === undefined
      ? {}
      : { where: `${say(on.host)}:${say(on.port)}, database ${say(on.database)}, as ${say(on.role)}` }),
    reach: say(fix.reach),
    ...Object.fromEntries(sentences),
    ...verification(fix, bound, signalOf, outcomeOf),
  };
}

function verification(
  fix: Fix,
  bound: BoundPack,
  signalOf: (id: string) => Signal | undefined,
  outcomeOf: (id: string) => Outcome
): Pick<FilledFix, 'verify'> {
  const signal = fix.verify && signalOf(fix.verify.signal);
  if (fix.verify === undefined || signal === undefined) {
    return {};
  }
  const { test, unit } = signal;
  const threshold = thresholdOf(test);
  const goal: Facts = {
    param: (name) =>
      name === 'threshold' && threshold !== undefined ? formatUnit(threshold, unit) : bound.values[name],
    outcome: () => undefined,
  };
  return {
    verify: {
      ...fix.verify,
      title: signal.title,
      unit,
      // A window that was configured longer than the author thought of takes longer to run out.
      within: Math.max(fix.verify.within, fix.takes + windowSeconds(bound, signal)),
      says: renderSentence(compileSentence(fix.verify.says), goal),
      before: outcomeOf(signal.id),
    },
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

function dedupe(missing: FilledFix['missing']): FilledFix['missing'] {
  return missing.filter(
    (item, index) => missing.findIndex(({ placeholder }) => placeholder === item.placeholder) === index
  );
}
