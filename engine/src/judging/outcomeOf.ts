/** The three kinds of outcomes: judged by a test, an empty answer, and unknown. Each begins as `BLANK`. */
import { BLANK } from '../compiled/unasked';
import { defaultMend } from '../wording/mend';
import type { Outcome, Row, UnknownReason } from '../model/outcome';
import type { Signal } from '../model/pack';
import { thresholdOf } from '../thresholdOf';
import { marginOf, passes } from './threshold';

/** Rows that an outcome keeps. */
export const MAX_ROWS = 20;

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
  const threshold = thresholdOf(test);
  const critical = 'critical' in test ? test.critical : undefined;
  const isCritical = critical !== undefined && ('above' in test ? value >= critical : value <= critical);
  return {
    ...BLANK,
    signal: signal.id,
    state: present ? 'present' : 'absent',
    severity: !present || threshold === undefined ? undefined : isCritical ? 'critical' : 'warning',
    value,
    unit: signal.unit,
    threshold,
    margin: present ? marginOf(test, value) : undefined,
    since: present ? since : undefined,
    rows,
    askedAt,
    tookMs,
  };
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
  return { ...BLANK, signal: signal.id, state: signal.empty, unit: signal.unit, askedAt, tookMs, detail };
}

/** An unknown with its reason and how to mend it. */
export function unknown(
  signal: Signal,
  reason: UnknownReason,
  facts: { detail?: string; mend?: string; askedAt: number; tookMs?: number }
): Outcome {
  const { detail, mend, askedAt, tookMs = 0 } = facts;
  return {
    ...BLANK,
    signal: signal.id,
    askedAt,
    tookMs,
    reason,
    detail,
    mend: signal.mend[reason] ?? (mend === undefined || mend === '' ? defaultMend(reason, signal.query.source) : mend),
  };
}
