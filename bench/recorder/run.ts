/**
 * What the flight recorder costs: microseconds per round, bytes per day, and how long the event loop is held.
 * `npx tsx bench/recorder/run.ts [rounds]`. Beside it in the same run: whole rounds as JSON, and each deflated by itself.
 */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateRawSync } from 'node:zlib';
import type { Round } from '../../diagnostics/src/model/round';
import { packAgainst } from '../../diagnostics/src/recorder/codec';
import { Recorder } from '../../diagnostics/src/recorder/recorder';
import { postgresRounds, redisRounds } from './rounds';

const DAY = 86_400_000;
const START = Date.UTC(2026, 0, 5);
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

const directory = mkdtempSync(join(tmpdir(), 'recorder-bench-'));
process.on('exit', () => rmSync(directory, { recursive: true, force: true }));

const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.floor((sorted.length - 1) * share)] ?? 0;
const ascending = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);
const micros = (ms: number): string => `${Math.round(ms * 1000)} µs`;
const size = (bytes: number): string =>
  bytes >= 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e3).toFixed(1)} kB`;

/** A whole day of one target, with thinning as it happens in the service (every minute). */
function day(name: string, everyMs: number, source: (from: number, everyMs: number) => Generator<Round>) {
  let now = START;
  const file = join(directory, `${name}-${everyMs}.db`);
  const recorder = new Recorder({ file, keepHours: 24, maxBytes: 1e9, gapMs: 30_000, log: quiet, now: () => now });
  const dictionary = Buffer.from(JSON.stringify(source(START, everyMs).next().value));
  const record: number[] = [];
  const maintain: number[] = [];
  /** The same amount of computing without a disk, in the same moments: how much of the tail is the machine's. */
  const control: number[] = [];
  let json = 0;
  let deflated = 0;
  let maintained = now;
  for (const round of source(START, everyMs)) {
    now = round.startedAt;
    if (now >= START + DAY) {
      break;
    }
    const began = performance.now();
    recorder.record(round);
    record.push(performance.now() - began);
    const idle = performance.now();
    packAgainst(JSON.stringify(round), dictionary);
    control.push(performance.now() - idle);
    if (record.length % 20 === 0) {
      const text = JSON.stringify(round);
      json += text.length * 20;
      deflated += deflateRawSync(text).length * 20;
    }
    if (now - maintained >= 60_000) {
      maintained = now;
      for (let more = true; more;) {
        const slice = performance.now();
        more = recorder.maintain();
        maintain.push(performance.now() - slice);
      }
    }
  }
  const bytes = recorder.store.bytes() ?? 0;
  const at = performance.now();
  const found = recorder.at(name, START + DAY / 2);
  const atMs = performance.now() - at;
  const hist = performance.now();
  const check = `${name === 'redis' ? 'redis' : 'postgres'}.availability`;
  const history = recorder.history(name, check, START, START + DAY);
  const historyMs = performance.now() - hist;
  if (!found.found || !history.found) {
    throw new Error('the recorder does not find what it has recorded');
  }
  recorder.close();
  const again = performance.now();
  const reopened = new Recorder({ file, keepHours: 24, maxBytes: 1e9, gapMs: 30_000, log: quiet, now: () => now });
  reopened.at(name, START + DAY / 2);
  const openMs = performance.now() - again;
  reopened.close();
  console.log(
    `${name}, one round every ${everyMs / 1000} s for 24 h: ${record.length} rounds, ${record.length && size(json / record.length)} of JSON each`
  );
  const over = (values: readonly number[]) =>
    `${((values.filter((ms) => ms > 1).length / values.length) * 100).toFixed(2)} % above 1 ms`;
  const line = (what: string, values: readonly number[]) => {
    const sorted = ascending(values);
    const [half, most, worst] = [0.5, 0.99, 1].map((share) => micros(quantile(sorted, share)));
    console.log(`  ${what.padEnd(12)}median ${half}, p99 ${most}, worst ${worst}, ${over(values)}`);
  };
  line('record', record);
  line('control', control);
  line('thin slice', maintain);
  console.log(
    `  at()        ${micros(atMs)};  history() of the day ${micros(historyMs)};  open and check the file ${micros(openMs)}`
  );
  console.log(`  a day       ${size(bytes)} in use, file ${size(statSync(file).size)}`);
  console.log(
    `  against     ${(deflated / bytes).toFixed(1)} × smaller than every round deflated by itself (${size(deflated)}), ${(json / bytes).toFixed(1)} × smaller than JSON (${size(json)})`
  );
}

console.log(`node ${process.version}`);
for (const everyMs of [10_000, 2_000]) {
  day('postgres', everyMs, (from, ms) => postgresRounds('postgres', from, ms));
  day('redis', everyMs, (from, ms) => redisRounds('redis', from, ms));
}
