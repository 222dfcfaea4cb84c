import type { BoundPack } from '../model/bound';
import type { Outcome, Reading, Row } from '../model/outcome';
import type { Condition, Signal } from '../model/pack';
import { BLANK } from '../compiled/unasked';
import { empty, MAX_ROWS, outcome, unknown } from './outcomeOf';
import { holds, matchesTest } from './threshold';

/** Reads the field, or counts the rows, that the signal asks of a check of the diagnostics service. */
export function judgeCheck(bound: BoundPack, signal: Signal, reading: Extract<Reading, { kind: 'check' }>): Outcome {
  const { check } = reading;
  const at = { askedAt: check.askedAt, tookMs: reading.tookMs };
  if (signal.query.source !== 'diagnostics') {
    return unknown(signal, 'query-error', { detail: 'a check answered a question that is not about it', ...at });
  }
  if (check.state === 'unknown') {
    return unknown(signal, check.reason ?? 'query-error', {
      detail: check.summary,
      ...(check.mend === undefined ? {} : { mend: check.mend }),
      ...at,
    });
  }
  const { read } = signal.query;
  // A check that is ok does not tell when something in it became present.
  const since = check.state === 'ok' ? undefined : (check.since ?? undefined);
  if ('rows' in read) {
    const table = Object.hasOwn(check.rows, read.rows) ? check.rows[read.rows] : undefined;
    if (table === undefined) {
      return unknown(signal, 'query-error', {
        detail: `the check ${check.id} has no table ${read.rows}; it has ${Object.keys(check.rows).join(', ') || 'none'}`,
        mend: 'Bring the diagnostics service and the pack to the same version.',
        ...at,
      });
    }
    const rows = table.filter((row) => meets(bound, read.where, row));
    return outcome(signal, rows.length, rows.length > MAX_ROWS ? rows.slice(0, MAX_ROWS) : rows, at, since);
  }
  const field = Object.hasOwn(check.fields, read.field)
    ? check.fields[read.field]
    : read.field === 'value'
      ? check.value
      : undefined;
  if (field === undefined) {
    return unknown(signal, 'query-error', {
      detail: `the check ${check.id} has no field ${read.field}; it has ${Object.keys(check.fields).join(', ') || 'none'}`,
      mend: 'Bring the diagnostics service and the pack to the same version.',
      ...at,
    });
  }
  if (field === null) {
    return empty(signal, at, `the check ${check.id} has no value for ${read.field}`);
  }
  const facts = [check.fields];
  if ('is' in signal.test || 'isNot' in signal.test || 'oneOf' in signal.test) {
    const present = matchesTest(signal.test, field);
    return {
      ...BLANK,
      signal: signal.id,
      state: present ? 'present' : 'absent',
      value: typeof field === 'number' ? field : undefined,
      unit: signal.unit,
      since: present ? since : undefined,
      rows: facts,
      ...at,
    };
  }
  const value =
    typeof field === 'boolean'
      ? Number(field)
      : typeof field === 'number'
        ? field
        : field.trim() === ''
          ? NaN
          : Number(field);
  if (Number.isNaN(value)) {
    return unknown(signal, 'query-error', {
      detail: `${read.field} of ${check.id} is no number: ${JSON.stringify(field)}`,
      ...at,
    });
  }
  return outcome(signal, value, facts, at, since);
}

function meets(bound: BoundPack, where: Readonly<Record<string, Condition>>, row: Row): boolean {
  for (const column in where) {
    const condition = where[column];
    if (condition !== undefined && !holds(bound, condition, row[column])) {
      return false;
    }
  }
  return true;
}
