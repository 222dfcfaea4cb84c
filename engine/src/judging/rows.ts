/**
 * Conditions on the rows of evidence: the same signal may speak for one cause with one sort of row and for another with
 * another (a session at work blocks; an autovacuum blocks), and a row may have to belong with one of another signal (the
 * slow statement has to read the table whose statistics are stale).
 */
import type { CompiledCondition } from '../compiled/conditions';
import { compares, same } from './threshold';
import type { Outcome, Row, Scalar } from '../model/outcome';
import type { RowCondition } from '../model/pack';

/** Whether some row meets every condition; undefined when no row does and some row leaves it open. */
export function someRowMeets(
  conditions: readonly CompiledCondition[],
  outcome: Outcome,
  slots: readonly Outcome[]
): boolean | undefined {
  const rows = outcome.rows.length > 0 ? outcome.rows : [NO_COLUMNS];
  let open = false;
  for (const row of rows) {
    const met = meets(conditions, row, outcome, slots);
    if (met === true) {
      return true;
    }
    open ||= met === undefined;
  }
  return open ? undefined : false;
}

/** The rows that meet every condition. */
export function rowsThatMeet(
  conditions: readonly CompiledCondition[],
  outcome: Outcome,
  slots: readonly Outcome[]
): readonly Row[] {
  return outcome.rows.filter((row) => meets(conditions, row, outcome, slots) === true);
}

const NO_COLUMNS: Row = {};

function meets(
  conditions: readonly CompiledCondition[],
  row: Row,
  outcome: Outcome,
  slots: readonly Outcome[]
): boolean | undefined {
  let open = false;
  for (const { column, condition, named } of conditions) {
    const cell = row[column] ?? (column === 'value' ? outcome.value : undefined);
    const met =
      cell === undefined || cell === null
        ? 'noneOf' in condition || undefined
        : cellMeets(condition, cell, named, slots);
    if (met === false) {
      return false;
    }
    open ||= met === undefined;
  }
  return open ? undefined : true;
}

function cellMeets(
  condition: RowCondition,
  cell: Scalar,
  named: CompiledCondition['named'],
  slots: readonly Outcome[]
): boolean | undefined {
  if ('namedIn' in condition) {
    return isNamed(String(cell), named, slots);
  }
  if ('is' in condition) {
    return same(cell, condition.is);
  }
  return 'oneOf' in condition ? condition.oneOf.some((wanted) => same(cell, wanted)) : compares(condition, cell);
}

/**
 * Whether a text of a present signal has the name as a word of its own; undefined when there is no text to look in, or the
 * text was cut off.
 */
function isNamed(name: string, named: CompiledCondition['named'], slots: readonly Outcome[]): boolean | undefined {
  const word = wordOf(name);
  let looked = false;
  for (const { slot, column } of named) {
    const outcome = slots[slot];
    for (const row of outcome?.state === 'present' ? outcome.rows : []) {
      const text = row[column];
      if (typeof text === 'string' && text !== '') {
        if (hasWord(text.toLowerCase(), word)) {
          return true;
        }
        looked ||= !/(?:…|\.\.\.)\s*$/.test(text);
      }
    }
  }
  return looked ? false : undefined;
}

/** `public."workflows"` is called `workflows` in most statements. */
function wordOf(name: string): string {
  return name
    .slice(name.lastIndexOf('.') + 1)
    .replaceAll('"', '')
    .toLowerCase();
}

function hasWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); word !== '' && at >= 0; at = text.indexOf(word, at + 1)) {
    if (!IN_A_NAME.test(text.charAt(at - 1)) && !IN_A_NAME.test(text.charAt(at + word.length))) {
      return true;
    }
  }
  return false;
}

const IN_A_NAME = /[\p{L}\p{N}_$-]/u;
