/** Records as fast as it can and says what is written, until it is killed. `tsx recordingProcess.ts FILE` */
import { Recorder } from '../../src/recorder/recorder';
import { madeRound, START } from './round';

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const file = process.argv[2] ?? '';
let now = START;
const recorder = new Recorder({ file, keepHours: 24, maxBytes: 64_000_000, gapMs: 30_000, log: quiet, now: () => now });

function step(): void {
  for (let index = 0; index < 20; index++) {
    now += 1000;
    if (
      recorder.record(madeRound('pg', now, { 'postgres.blocking': ['ok', now % 997], 'postgres.settings': ['ok', 1] }))
    ) {
      process.stdout.write(`${now}\n`);
    }
  }
  recorder.maintain();
  setImmediate(step);
}
step();
