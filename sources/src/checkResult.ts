/** Guards for what the diagnostics service answers, by hand (see `json.ts`). The shape is `engine`'s `CheckResult`. */
import { UNKNOWN_REASONS, type CheckResult, type Row, type Scalar, type UnknownReason } from '@live-runbooks/engine';
import { isObject, isScalar, textOf } from './json';

const STATES: ReadonlySet<unknown> = new Set<CheckResult['state']>(['ok', 'warning', 'critical', 'unknown']);
const REASONS: ReadonlySet<unknown> = new Set(UNKNOWN_REASONS);

/** The check, or the name of the first member that is not as agreed. */
export function parseCheck(json: unknown): CheckResult | { readonly malformed: string } {
  if (!isObject(json)) {
    return { malformed: 'the check' };
  }
  const { id, title, state, reason, summary, value, unit, threshold, fields, rows, since, askedAt, tookMs, mend } =
    json;
  if (typeof id !== 'string' || typeof title !== 'string' || typeof summary !== 'string' || typeof unit !== 'string') {
    return { malformed: 'id, title, summary or unit' };
  }
  if (!isState(state)) {
    return { malformed: 'state' };
  }
  if (!isNumberOrNull(value) || !isNumberOrNull(since) || typeof askedAt !== 'number' || typeof tookMs !== 'number') {
    return { malformed: 'value, since, askedAt or tookMs' };
  }
  const thresholds = parseThreshold(threshold);
  if (thresholds === undefined) {
    return { malformed: 'threshold' };
  }
  if (!isRow(fields)) {
    return { malformed: 'fields' };
  }
  if (!isTables(rows)) {
    return { malformed: 'rows' };
  }
  return {
    id,
    title,
    state,
    // An unknown always has a reason; a service that gives none has still not answered the question.
    ...(state === 'unknown' ? { reason: isReason(reason) ? reason : 'query-error' } : {}),
    summary,
    value,
    unit,
    threshold: thresholds,
    fields,
    rows,
    since,
    askedAt,
    tookMs,
    ...(textOf(mend) === undefined ? {} : { mend: textOf(mend) }),
  };
}

function isState(value: unknown): value is CheckResult['state'] {
  return STATES.has(value);
}

function isReason(value: unknown): value is UnknownReason {
  return REASONS.has(value);
}

function isNumberOrNull(value: unknown): value is number | null {
  return value === null || typeof value === 'number';
}

function isRow(value: unknown): value is Readonly<Record<string, Scalar>> {
  return isObject(value) && Object.values(value).every(isScalar);
}

function isTables(value: unknown): value is Readonly<Record<string, readonly Row[]>> {
  return isObject(value) && Object.values(value).every((table) => Array.isArray(table) && table.every(isRow));
}

function parseThreshold(value: unknown): CheckResult['threshold'] | undefined {
  if (value === null) {
    return null;
  }
  if (!isObject(value)) {
    return undefined;
  }
  const { warning, critical } = value;
  if (
    (warning !== undefined && typeof warning !== 'number') ||
    (critical !== undefined && typeof critical !== 'number')
  ) {
    return undefined;
  }
  return { ...(warning === undefined ? {} : { warning }), ...(critical === undefined ? {} : { critical }) };
}
