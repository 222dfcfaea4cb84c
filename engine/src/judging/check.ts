import type { BoundPack } from '../model/bound';
import type { Outcome, Reading } from '../model/outcome';
import type { Signal } from '../model/pack';
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
    const where = Object.entries(read.where);
    const rows =
      where.length === 0
        ? table
        : table.filter((row) => where.every(([column, condition]) => holds(bound, condition, row[column])));
    return outcome(signal, rows.length, rows.slice(0, MAX_ROWS), at, since);
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
      signal: signal.id,
      state: present ? 'present' : 'absent',
      ...(typeof field === 'number' ? { value: field } : {}),
      unit: signal.unit,
      ...(present && since !== undefined ? { since } : {}),
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
