// `npm test`: installs what is missing, then every check of the project. The last line is `N passed, N failed`.
// Only Node's built-ins until the packages are installed. `npm test -- types unit` runs the named steps only.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { bold, clock, dim, green, red, say } from './lib/console.mjs';
import { ensureDebianPackages } from './lib/debian.mjs';
import { ensureNpmPackages } from './lib/packages.mjs';
import { root } from './lib/root.mjs';
import { run } from './lib/run.mjs';

const reports = path.join(root, '.cache/reports');
const node = process.execPath;
const bin = (name) => path.join(root, 'node_modules/.bin', name);
const vitest = (name, projects) => ({
  name,
  command: [
    bin('vitest'),
    [
      'run',
      ...projects.flatMap((project) => ['--project', project]),
      '--reporter=dot',
      '--reporter=json',
      `--outputFile.json=${path.join(reports, `${name}.json`)}`,
    ],
  ],
  count: countVitest,
});

/**
 * Lanes run side by side; inside a lane one step follows the other. What only computes yields a little to what waits for
 * servers and browsers: so two cores are busy all the time, and no fault is found much later because a linter runs. Only
 * a little, for on a machine that is busy with something else it would never end. A step is one check unless its report
 * counts tests.
 */
const LANES = [
  {
    niceness: 4,
    steps: [
      vitest('unit', ['engine', 'sources', 'cli', 'packs', 'architecture', 'plugin']),
      { name: 'types', command: [bin('tsc'), ['-p', 'tsconfig.json']] },
      { name: 'types-react19', command: [bin('tsc'), ['-p', 'tsconfig.react19.json']] },
      { name: 'lint', command: [bin('eslint'), ['--max-warnings=0', '.']] },
      { name: 'unused', command: [bin('knip'), []] },
      { name: 'format', command: [bin('prettier'), ['--check', '--log-level=warn', '.']] },
      { name: 'packs-lint', command: [node, ['--import', 'tsx', 'cli/src/main.ts', 'lint', 'runbooks']] },
      {
        name: 'packs-test',
        command: [node, ['--import', 'tsx', 'cli/src/main.ts', 'test', 'runbooks']],
        count: countLastLine,
      },
      { name: 'generated', command: [node, ['--import', 'tsx', 'cli/src/main.ts', 'generate', '--check']] },
      { name: 'promtool', command: [node, ['scripts/promtool.mjs']], count: countLastLine },
    ],
  },
  { niceness: 0, steps: [vitest('services', ['diagnostics']), vitest('estate', ['demo', 'commands'])] },
  {
    niceness: 0,
    steps: [
      { name: 'build', command: ['npm', ['run', '--silent', 'build']] },
      { name: 'budgets', command: [node, ['scripts/budgets.mjs']], count: countLastLine },
      {
        name: 'end-to-end',
        command: [bin('playwright'), ['test', '-c', 'tests/e2e/playwright.config.ts']],
        count: countPlaywright,
        // its table of faults is what a reader of the log looks for
        show: true,
      },
      vitest('hosts', ['workbench']),
    ],
  },
];
const STEPS = LANES.flatMap(({ steps }) => steps);

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

const only = process.argv.slice(2);
const unknown = only.filter((name) => !STEPS.some((step) => step.name === name));
if (unknown.length > 0) {
  process.stderr.write(`No step is named ${unknown.join(', ')}. Steps: ${STEPS.map(({ name }) => name).join(' ')}\n`);
  process.exit(2);
}

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

async function runStep(step, niceness) {
  say(`${step.name} …`);
  running.set(step.name, Date.now());
  const [command, args] = step.command;
  const result = await run('nice', ['-n', String(niceness), command, ...args], {
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
await Promise.all(
  LANES.map(async ({ steps, niceness }) => {
    for (const step of steps.filter(({ name }) => only.length === 0 || only.includes(name))) {
      await runStep(step, niceness);
    }
  })
);
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
