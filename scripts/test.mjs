// `npm test`: installs what is missing, then every check of the project. The last line is `N passed, N failed`.
// Only Node's built-ins until the packages are installed. `npm test -- types unit` runs the named steps only.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { chosen } from './lib/chosen.mjs';
import { bold, clock, dim, green, red, say } from './lib/console.mjs';
import { ensureDebianPackages } from './lib/debian.mjs';
import { ensureNpmPackages } from './lib/packages.mjs';
import { root } from './lib/root.mjs';
import { run } from './lib/run.mjs';

const reports = path.join(root, '.cache/reports');
const node = process.execPath;
const bin = (name) => path.join(root, 'node_modules/.bin', name);
/** Servers that are started for one file get the machine's time, and their ports, for themselves. */
const ONE_FILE_AT_A_TIME = ['--no-file-parallelism'];
const vitest = (name, projects, options = []) => ({
  name,
  command: [
    bin('vitest'),
    [
      'run',
      ...projects.flatMap((project) => ['--project', project]),
      ...options,
      '--reporter=dot',
      '--reporter=json',
      `--outputFile.json=${path.join(reports, `${name}.json`)}`,
    ],
  ],
  count: countVitest,
});

/** The compiler in Go takes a seventh of the time; ESLint needs the older one, which is `.bin/tsc`. */
const types = (name, project) => ({
  name,
  command: [node, [path.join(root, 'node_modules/typescript-7/bin/tsc'), '-p', project]],
});

/** One of two halves of the diagnostics service's files, which are shared out by their names. */
const services = (half) =>
  vitest(`services-${half}`, ['diagnostics', 'diagnostics-apart'], [...ONE_FILE_AT_A_TIME, `--shard=${half}/2`]);

/**
 * What only computes yields a little to what waits for servers and browsers: so two cores are busy all the time, and no
 * fault is found much later because a linter runs. Only a little, for on a machine that is busy with something else it
 * would never end.
 */
const computes = (step) => ({ ...step, niceness: 4 });

/**
 * A lane that is free takes the next chain and runs its steps one after the other. Long chains come first, so that the lanes
 * end at about the same time. The files of the diagnostics service mostly wait for their servers, so each half of
 * them is a chain. A step is one check unless its report counts tests.
 */
const CHAINS = [
  [
    { name: 'build', command: ['npm', ['run', '--silent', 'build']] },
    { name: 'budgets', command: [node, ['scripts/budgets.mjs']], count: countLastLine },
    {
      name: 'end-to-end',
      command: [bin('playwright'), ['test', '-c', 'tests/e2e/playwright.config.ts']],
      count: countPlaywright,
      // its table of faults is what a reader of the log looks for
      show: true,
    },
  ],
  [services(1)],
  [services(2)],
  [vitest('estate', ['demo', 'commands'], ONE_FILE_AT_A_TIME)],
  [computes(vitest('unit', ['engine', 'sources', 'cli', 'packs', 'architecture', 'plugin', 'plugin-apart']))],
  [vitest('hosts', ['workbench'], ONE_FILE_AT_A_TIME)],
  ...[
    types('types', 'tsconfig.json'),
    types('types-react19', 'tsconfig.react19.json'),
    { name: 'lint', command: [bin('eslint'), ['--max-warnings=0', '.']] },
    { name: 'unused', command: [bin('knip'), []] },
    { name: 'format', command: [bin('prettier'), ['--check', '--log-level=warn', '.']] },
    { name: 'packs-lint', command: [node, ['--import', 'tsx', 'cli/src/main.ts', 'lint', 'runbooks']] },
    {
      name: 'packs-test',
      command: [node, ['--import', 'tsx', 'cli/src/main.ts', 'test', 'runbooks']],
      count: countLastLine,
    },
    { name: 'generated', command: [node, ['scripts/generated.mjs', '--check']] },
    { name: 'promtool', command: [node, ['scripts/promtool.mjs']], count: countLastLine },
  ].map((step) => [computes(step)]),
];
const LANES = 4;
const STEPS = CHAINS.flat();

function report(name) {
  return JSON.parse(readFileSync(path.join(reports, `${name}.json`), 'utf8'));
}
function countVitest({ name, code }) {
  const { numPassedTests: passed, numFailedTests: failed } = report(name);
  return { passed, failed: failed || (code === 0 ? 0 : 1) };
}
function countPlaywright({ name, code }) {
  const { expected, unexpected, flaky } = report(name).stats;
  return { passed: expected, failed: unexpected + flaky || (code === 0 ? 0 : 1) };
}
function countLastLine({ output, code }) {
  const [, passed, failed] = output.trim().match(/(\d+) passed, (\d+) failed\D*$/) ?? [];
  const counted = { passed: Number(passed ?? 0), failed: Number(failed ?? 0) };
  return { ...counted, failed: counted.failed || (code === 0 ? 0 : 1) };
}
/** A step that could not write its report has failed, whatever it printed. */
function count(step, result) {
  try {
    return step.count
      ? step.count({ ...result, name: step.name })
      : { passed: result.code === 0 ? 1 : 0, failed: result.code === 0 ? 0 : 1 };
  } catch {
    return { passed: 0, failed: 1 };
  }
}

const isChosen = chosen(
  'step',
  STEPS.map(({ name }) => name)
);

say(bold('Live Runbooks tests'));
await ensureDebianPackages({ browser: true });
await ensureNpmPackages();
rmSync(reports, { recursive: true, force: true });
mkdirSync(reports, { recursive: true });

const rows = [];
const running = new Map();
const heartbeat = setInterval(() => {
  const list = [...running].map(([name, since]) => `${name} (${Math.round((Date.now() - since) / 1000)} s)`);
  say(dim(`still running: ${list.join(', ')}`));
}, 30_000);

async function runStep(step) {
  say(`${step.name} …`);
  running.set(step.name, Date.now());
  const [command, args] = step.command;
  const result = await run('nice', ['-n', String(step.niceness ?? 0), command, ...args], {
    cwd: root,
    quiet: true,
    env: { PLAYWRIGHT_REPORT: path.join(reports, `${step.name}.json`), NO_COLOR: '1' },
  });
  running.delete(step.name);
  writeFileSync(path.join(reports, `${step.name}.log`), result.output);
  const row = { step: step.name, seconds: result.seconds, ...count(step, result) };
  rows.push(row);
  say(`${row.failed ? red('failed') : green('passed')} ${bold(step.name)} ${dim(`${result.seconds.toFixed(1)} s`)}`);
  if (row.failed || step.show) {
    process.stdout.write(`${result.output.trimEnd()}\n`);
  }
}
const waiting = CHAINS.map((steps) => steps.filter(({ name }) => isChosen(name))).filter((steps) => steps.length > 0);
async function runLane() {
  for (let steps = waiting.shift(); steps !== undefined; steps = waiting.shift()) {
    for (const step of steps) {
      await runStep(step);
    }
  }
}
await Promise.all(Array.from({ length: LANES }, runLane));
clearInterval(heartbeat);
rows.sort((a, b) => STEPS.findIndex(({ name }) => name === a.step) - STEPS.findIndex(({ name }) => name === b.step));

process.stdout.write('\n');
for (const { step, passed, failed, seconds } of rows) {
  const word = failed ? red('failed') : green('passed');
  process.stdout.write(
    `${word}  ${step.padEnd(16)} ${String(passed).padStart(5)} passed ${String(failed).padStart(4)} failed  ${dim(`${seconds.toFixed(1)} s`)}\n`
  );
}
process.stdout.write(`${clock()}\n`);
const total = rows.reduce((sum, row) => ({ passed: sum.passed + row.passed, failed: sum.failed + row.failed }), {
  passed: 0,
  failed: 0,
});
process.stdout.write(`${total.passed} passed, ${total.failed} failed\n`);
process.exit(total.failed > 0 || total.passed === 0 ? 1 : 0);
