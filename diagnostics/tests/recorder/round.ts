/** Rounds for the tests. */
import type { CheckResult } from '@live-runbooks/engine';
import type { Round } from '../../src/model/round';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
/** 2026-01-05T00:00:00Z, the beginning of a bucket of every tier. */
export const START = Date.UTC(2026, 0, 5);

type State = CheckResult['state'];

export function madeCheck(id: string, state: State, value: number | null, at: number): CheckResult {
  return {
    id,
    title: `Title of ${id}`,
    state,
    ...(state === 'unknown' ? { reason: 'timeout' as const } : {}),
    summary: `${id} says ${value}`,
    value,
    unit: 'short',
    threshold: { warning: 5, critical: 9 },
    fields: { value, name: id },
    rows: { sessions: value === null ? [] : [{ pid: Math.round(value), application: 'gorax-api' }] },
    since: null,
    askedAt: at + 1,
    tookMs: 0.4,
  };
}

export function madeRound(
  target: string,
  at: number,
  checks: Readonly<Record<string, readonly [State, number | null]>>,
  over: Partial<Round> = {}
): Round {
  return {
    target,
    kind: 'postgres',
    title: target,
    state: 'ok',
    class: 'ok',
    startedAt: at,
    tookMs: 12.3,
    starved: null,
    checks: Object.entries(checks).map(([id, [state, value]]) => madeCheck(id, state, value, at)),
    ...over,
  };
}
