/** The three kinds of outcomes: judged by a test, an empty answer, and unknown. */
import { defaultMend } from '../mend';
import type { Outcome, Row, UnknownReason } from '../model/outcome';
import type { Signal } from '../model/pack';
import { marginOf, passes } from './threshold';

/** Rows that an outcome keeps. */
export const MAX_ROWS = 20;

const NO_ROWS: readonly Row[] = [];

/** A value held against the test of its signal. Times in ms. */
export function outcome(
  signal: Signal,
  value: number,
  rows: readonly Row[],
  { askedAt, tookMs }: { askedAt: number; tookMs: number },
  since?: number
): Outcome {
  const { test } = signal;
  const present = passes(test, value);
  const threshold = 'above' in test ? test.above : 'below' in test ? test.below : undefined;
  const critical = 'critical' in test ? test.critical : undefined;
  const isCritical = critical !== undefined && ('above' in test ? value >= critical : value <= critical);
  const margin = present ? marginOf(test, value) : undefined;
  const judged: { -readonly [Key in keyof Outcome]: Outcome[Key] } = {
    signal: signal.id,
    state: present ? 'present' : 'absent',
    value,
    unit: signal.unit,
    rows,
    askedAt,
    tookMs,
  };
  if (threshold !== undefined) {
    judged.threshold = threshold;
    if (present) {
      judged.severity = isCritical ? 'critical' : 'warning';
    }
  }
  if (margin !== undefined) {
    judged.margin = margin;
  }
  if (present && since !== undefined) {
    judged.since = since;
  }
  return judged;
}

/** An answer without a value: what the author of the signal says that it means. */
export function empty(
  signal: Signal,
  { askedAt, tookMs }: { askedAt: number; tookMs: number },
  detail: string
): Outcome {
  if (signal.empty === 'unknown') {
    return unknown(signal, 'no-series', { detail, askedAt, tookMs });
  }
  return { signal: signal.id, state: signal.empty, unit: signal.unit, detail, rows: [], askedAt, tookMs };
}

/** An unknown with its reason and how to mend it. */
export function unknown(
  signal: Signal,
  reason: UnknownReason,
  facts: { detail?: string; mend?: string; askedAt: number; tookMs?: number }
): Outcome {
  const { detail, mend, askedAt, tookMs = 0 } = facts;
  const judged: { -readonly [Key in keyof Outcome]: Outcome[Key] } = {
    signal: signal.id,
    state: 'unknown',
    rows: NO_ROWS,
    askedAt,
    tookMs,
    reason,
    mend: signal.mend[reason] ?? (mend === undefined || mend === '' ? defaultMend(reason, signal.query.source) : mend),
  };
  if (detail !== undefined) {
    judged.detail = detail;
  }
  return judged;
}
