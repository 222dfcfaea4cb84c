/** Rounds and recorders for the tests. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { CheckResult } from '@live-runbooks/engine';
import { onTestFinished } from 'vitest';
import type { Round } from '../../src/model/round';
import { Recorder, type RecorderOptions } from '../../src/recorder/recorder';
import type { StoreLog } from '../../src/store/store';

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
    checks: Object.entries(checks).map(([id, [state, value]]) => madeCheck(id, state, value, at)),
    ...over,
  };
}

export interface Logged {
  readonly level: 'info' | 'warn' | 'error';
  readonly facts: Record<string, unknown>;
  readonly message: string;
}

export function keptLog(): { readonly log: StoreLog; readonly lines: Logged[] } {
  const lines: Logged[] = [];
  const at = (level: Logged['level']) => (facts: object, message: string) =>
    void lines.push({ level, facts: facts as Record<string, unknown>, message });
  return { log: { info: at('info'), warn: at('warn'), error: at('error') }, lines };
}

export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'diagnostics-store-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** A recorder with a clock that the test moves. */
export function madeRecorder(options: Partial<RecorderOptions> & { readonly file?: string } = {}) {
  const clock = { now: START };
  const { log, lines } = keptLog();
  const file = options.file ?? join(temporaryDirectory(), 'recorder.db');
  const recorder = new Recorder({
    file,
    keepHours: 24,
    maxBytes: 64_000_000,
    gapMs: 30_000,
    log,
    now: () => clock.now,
    ...options,
  });
  onTestFinished(() => recorder.close());
  return { recorder, clock, lines, file };
}

/** Housekeeping until there is nothing left to do. */
export function maintainAll(recorder: Recorder): void {
  for (let slices = 0; recorder.maintain(); slices++) {
    if (slices > 100_000) {
      throw new Error('housekeeping does not come to an end');
    }
  }
}
