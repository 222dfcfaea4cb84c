/**
 * Run inside a mount namespace of its own, with a small tmpfs at DIRECTORY: fills the disk, frees it, makes it read-only and
 * writable again, records in between, and prints what the recorder and the incidents say each time, as JSON.
 */
import { execFileSync } from 'node:child_process';
import { appendFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { IncidentLog } from '../../src/incidents/log';
import { Recorder } from '../../src/recorder/recorder';
import { madeRound, START } from './round';

const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };
const directory = process.argv[2] ?? '';
execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=4m', 'tmpfs', directory]);
let now = START;
const open = () => ({
  recorder: new Recorder({
    file: join(directory, 'recorder.db'),
    keepHours: 24,
    maxBytes: 256_000_000,
    gapMs: 30_000,
    log: quiet,
    now: () => now,
  }),
  incidents: new IncidentLog({ file: join(directory, 'incidents.db'), maxBytes: 256_000_000, log: quiet }),
});
let { recorder, incidents } = open();
let count = 0;

async function say(when: string): Promise<void> {
  now += 1000;
  const recorded = recorder.record(madeRound('pg', now, { 'postgres.blocking': ['ok', now % 997] }));
  count += 1;
  const sent = { clientId: `create-${count}-x`, title: when, severity: 'info' as const };
  const wrote = await incidents.create(sent, { kind: 'unknown', why: 'no-header' }).then(
    () => true,
    (error: Error & { failure?: { problem: string } }) => error.failure?.problem ?? error.message
  );
  const problem = recorder.status().problem?.problem ?? null;
  let readable: boolean | string;
  try {
    readable = recorder.at('pg', START + 1000).found;
  } catch (error) {
    readable = (error as Error).name;
  }
  process.stdout.write(`${JSON.stringify({ when, recorded, problem, readable, wrote })}\n`);
}

async function main(): Promise<void> {
  await say('at first');
  const ballast = join(directory, 'ballast');
  for (const piece of [65_536, 4096, 512, 1]) {
    try {
      for (;;) {
        appendFileSync(ballast, Buffer.alloc(piece));
      }
    } catch {
      // No room for a piece of this size any more.
    }
  }
  // The logs of both files have some room of their own left from before.
  for (let index = 0; index < 400; index++) {
    now += 1000;
    recorder.record(madeRound('pg', now, { 'postgres.blocking': ['ok', index] }, { title: `${index}`.repeat(300) }));
    const sent = { clientId: `ballast-${index}`, title: 'x', severity: 'info' as const, note: `${index}`.repeat(3000) };
    await incidents.create(sent, { kind: 'unknown', why: 'no-header' }).catch(() => undefined);
  }
  await say('full');
  rmSync(ballast);
  await say('room again');
  recorder.close();
  incidents.close();
  // A closed connection gives its file back when its statements are collected.
  ({ recorder, incidents } = { recorder: undefined as never, incidents: undefined as never });
  await new Promise((resolve) => setImmediate(resolve));
  (globalThis as { gc?: () => void }).gc?.();
  await new Promise((resolve) => setImmediate(resolve));
  execFileSync('mount', ['-o', 'remount,ro', directory]);
  ({ recorder, incidents } = open());
  await say('read-only');
  execFileSync('mount', ['-o', 'remount,rw', directory]);
  // It is tried again by itself after some seconds.
  for (const deadline = performance.now() + 120_000; performance.now() < deadline;) {
    now += 1000;
    if (recorder.record(madeRound('pg', now, { 'postgres.blocking': ['ok', 1] }))) {
      break;
    }
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  await say('writable again');
}
main().catch((error: unknown) => {
  process.stdout.write(`${JSON.stringify({ error: String(error) })}\n`);
  process.exitCode = 1;
});
