/** Recorders for the tests. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { Recorder, type RecorderOptions } from '../../src/recorder/recorder';
import type { StoreLog } from '../../src/store/store';
import { START } from './round';

export * from './round';

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
