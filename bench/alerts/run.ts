/**
 * What the alerts' tests cost: promtool over every rule and its tests, beside as many starts of promtool that do nothing,
 * taken in turn so that a busy machine slows both alike. Fails when the tests take more than eight times as long: then a
 * rule has grown too dear to be evaluated every few seconds, or several rules share one file again.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const BUDGET_RATIO = 8;
const FOLDER = 'alerts/prometheus/tests';

/** Milliseconds of one run. Throws an Error when promtool does not accept what it is given. */
function timed(args: readonly string[]): number {
  const begun = performance.now();
  const { status, stdout, stderr } = spawnSync('promtool', args, { encoding: 'utf8' });
  if (status !== 0) {
    throw new Error(`promtool ${args.join(' ')}:\n${stdout}${stderr}`);
  }
  return performance.now() - begun;
}

const files = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.test.yaml'));
if (files.length === 0) {
  throw new Error('the benchmark found no alert: it measures nothing');
}
let tests = 0;
let starts = 0;
for (const file of files) {
  starts += timed(['--version']);
  tests += timed(['test', 'rules', join(FOLDER, file)]);
}
const ratio = tests / starts;
console.log(
  `alerts: ${files.length} tested in ${(tests / 1000).toFixed(1)} s, ${ratio.toFixed(1)} times bare starts (budget ${BUDGET_RATIO})`
);
if (ratio > BUDGET_RATIO) {
  console.error('alerts: over budget');
  process.exitCode = 1;
}
