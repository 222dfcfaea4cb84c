/**
 * Sentences with live facts. `{{signal.column}}` is the worst row's; a clause between `[[` and `]]` is left out when a
 * placeholder in it has no value, stands for none of what is absent (0), or for a column of what is absent; outside a clause the sentence says "an unknown <name>", and what a cause or its evidence
 * says gives way to its title.
 */
import type { Outcome, Scalar } from '../model/outcome';
import { listed } from './listed';
import { namedValue } from './namedValue';
import { showHidden } from './hidden';
import { parseTemplate, type Filter, type Part, type Placeholder } from './template';
import { formatBytes, formatCount, formatDuration, formatNumber, formatPercent, formatRate, formatUnit } from './units';

/**
 * Filters that sentences know. `count(session)` says `1 session` or `9 sessions`, `count(session waits/sessions wait)` where
 * the plural is another word; `ms` is a duration given in milliseconds; `list(column)` names the distinct values of a column over
 * all rows.
 */
export const SENTENCE_FILTERS = ['count', 'duration', 'bytes', 'percent', 'rate', 'ms', 'list'] as const;

export interface Sentence {
  readonly clauses: ReadonlyArray<{ readonly optional: boolean; readonly parts: readonly Part[] }>;
}

/** What a sentence may speak of. */
export interface Facts {
  param(name: string): string | undefined;
  outcome(signal: string): Outcome | undefined;
}

/** Reads a sentence once. */
export function compileSentence(text: string): Sentence {
  const clauses: Array<{ optional: boolean; parts: readonly Part[] }> = [];
  const clause = /\[\[([\s\S]*?)\]\]/g;
  let end = 0;
  for (const match of text.matchAll(clause)) {
    if (match.index > end) {
      clauses.push({ optional: false, parts: parseTemplate(text.slice(end, match.index)) });
    }
    clauses.push({ optional: true, parts: parseTemplate(match[1] ?? '') });
    end = match.index + match[0].length;
  }
  if (end < text.length) {
    clauses.push({ optional: false, parts: parseTemplate(text.slice(end)) });
  }
  return { clauses };
}

/** The sentence with its facts, first letter as the author wrote it, no doubled spaces and no empty brackets left by dropped clauses. */
export function renderSentence(sentence: Sentence, facts: Facts): string {
  return render(sentence, facts, false) ?? '';
}

/** The same; undefined when a fact outside the optional clauses is not known: there is something better to say then. */
export function renderIfKnown(sentence: Sentence, facts: Facts): string | undefined {
  return render(sentence, facts, true);
}

/** Stands for the empty brackets of a value (`now()`), which are no left-over of a clause. */
const OWN_BRACKETS = '\u0000';

function render(sentence: Sentence, facts: Facts, refuseUnknown: boolean): string | undefined {
  let out = '';
  for (const { optional, parts } of sentence.clauses) {
    let text = '';
    let complete = true;
    for (const part of parts) {
      if (typeof part === 'string') {
        text += part;
        continue;
      }
      const value = optional && isNothing(part, facts) ? undefined : renderPlaceholder(part, facts);
      if (value !== undefined) {
        text += showHidden(value).replace(/\(\)/g, OWN_BRACKETS);
      } else if (optional) {
        complete = false;
        break;
      } else if (refuseUnknown) {
        return undefined;
      } else {
        text += `an unknown ${words(part.column ?? part.name)}`;
      }
    }
    if (complete) {
      out += text;
    }
  }
  return out
    .replace(/ ?\(\s*\)/g, '')
    .replaceAll(OWN_BRACKETS, '()')
    .replace(/ {2,}/g, ' ')
    .trim();
}

/**
 * "0 restarts" is no clause: what is not there needs no word. Nor does a row of what is absent speak for the clause: "it refuses
 * writes (class ok)" would say the opposite of what was measured.
 */
function isNothing({ name, column }: Placeholder, facts: Facts): boolean {
  const outcome = facts.param(name) === undefined ? facts.outcome(name) : undefined;
  return outcome?.state === 'absent' && (column !== undefined || outcome.value === 0);
}

function renderPlaceholder(placeholder: Placeholder, facts: Facts): string | undefined {
  const { name, column, filters } = placeholder;
  const filter = filters[0];
  const value = facts.param(name);
  if (value !== undefined) {
    return filter === undefined ? value : formatWith(filter, value);
  }
  const outcome = facts.outcome(name);
  if (outcome === undefined || outcome.state === 'unknown') {
    return undefined;
  }
  if (filter?.name === 'list') {
    return listColumn(outcome, filter.argument ?? column ?? '');
  }
  if (column === undefined) {
    if (outcome.value === undefined) {
      return undefined;
    }
    return filter === undefined ? formatUnit(outcome.value, outcome.unit ?? '') : formatWith(filter, outcome.value);
  }
  const fact = outcome.rows[0]?.[column];
  if (fact === undefined || fact === null || fact === '') {
    return undefined;
  }
  if (filter !== undefined) {
    return formatWith(filter, fact);
  }
  // An identifier (a pid, a port) must be readable as it is written elsewhere: no grouping of digits.
  return typeof fact === 'number' && !Number.isInteger(fact) ? formatNumber(fact) : String(namedValue(column, fact));
}

function formatWith({ name, argument }: Filter, value: Scalar): string | undefined {
  const number =
    typeof value === 'number' ? value : typeof value === 'string' && value.trim() !== '' ? Number(value) : NaN;
  if (Number.isNaN(number)) {
    return undefined;
  }
  switch (name) {
    case 'count':
      return argument === undefined ? formatCount(number) : counted(number, argument);
    case 'ms':
      return formatDuration(number / 1000);
    case 'duration':
      return formatDuration(number);
    case 'bytes':
      return formatBytes(number);
    case 'percent':
      return formatPercent(number);
    case 'rate':
      return formatRate(number);
    default:
      return undefined;
  }
}

/** `1 session`, `9 sessions`; the plural stands after a slash where it is not the singular with an s. */
function counted(number: number, noun: string): string {
  const [one = '', several = `${one}s`] = noun.split('/');
  return `${formatCount(number)} ${Math.round(number) === 1 ? one : several}`;
}

function listColumn(outcome: Outcome, column: string): string | undefined {
  const values = new Set<string>();
  for (const row of outcome.rows) {
    const fact = row[column];
    if (fact !== undefined && fact !== null && fact !== '') {
      values.add(String(namedValue(column, fact)));
    }
  }
  const all = [...values];
  if (all.length === 0) {
    return undefined;
  }
  const shown = all.slice(0, 3);
  const more = all.length - shown.length;
  return listed(more > 0 ? [...shown, `${more} more`] : shown);
}

/** `idleSeconds` → `idle seconds`. */
function words(name: string): string {
  return name
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replace(/[-_]/g, ' ')
    .toLowerCase();
}

/** Every placeholder of a sentence, for lint. */
export function sentencePlaceholders(sentence: Sentence): Placeholder[] {
  return sentence.clauses.flatMap(({ parts }) => parts.filter((part): part is Placeholder => typeof part !== 'string'));
}
