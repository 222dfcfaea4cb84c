/** A process that records is killed (SIGKILL) in the middle of it, three times over: what it said was written is there. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { madeRecorder, madeRound, START, temporaryDirectory } from './made';

const SCRIPT = fileURLToPath(new URL('./recordingProcess.ts', import.meta.url));

it('what was recorded survives kill -9', async () => {
  const file = join(temporaryDirectory(), 'recorder.db');
  for (const wanted of [50, 400, 1500]) {
    const child = spawn(process.execPath, ['--import', 'tsx', SCRIPT, file], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const gone = once(child, 'close');
    onTestFinished(async () => {
      child.kill('SIGKILL');
      await gone;
    });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      said += chunk.toString();
      if (said.length > wanted * 14) {
        child.kill('SIGKILL');
      }
    });
    await gone;
    expect(child.signalCode).toBe('SIGKILL');
    const written = said.split('\n').slice(0, -1).map(Number);
    expect(written.length).toBeGreaterThanOrEqual(wanted);
    const { recorder } = madeRecorder({ file });
    expect(recorder.status().setAside).toEqual([]);
    for (const at of written) {
      const round = madeRound('pg', at, { 'postgres.blocking': ['ok', at % 997], 'postgres.settings': ['ok', 1] });
      expect(recorder.at('pg', at)).toEqual({ found: true, round });
    }
    const last = written.at(-1) ?? START;
    const later = madeRound('pg', last + 60_000, { 'postgres.blocking': ['ok', 1] });
    expect(recorder.record(later)).toBe(true);
    expect(recorder.at('pg', later.startedAt)).toEqual({ found: true, round: later });
    recorder.store.write((_, database) => database.exec('DELETE FROM round; DELETE FROM stretch'));
    recorder.close();
  }
});
