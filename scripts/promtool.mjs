// Every generated rule file is checked and unit-tested by promtool; one rule file and one test file an alert, because
// promtool's cost grows with the square of a file's rules (`bench/alerts/run.ts` holds the budget).
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { root } from './lib/root.mjs';
import { run } from './lib/run.mjs';

const alerts = path.join(root, 'alerts/prometheus');
const yaml = (dir) =>
  readdirSync(dir, { recursive: true })
    .filter((name) => /\.ya?ml$/.test(name))
    .map((name) => path.join(dir, name))
    .sort();

const shipped = yaml(alerts).filter((file) => !file.includes(`${path.sep}tests${path.sep}`));
const tests = yaml(path.join(alerts, 'tests')).filter((file) => file.endsWith('.test.yaml'));
const results = [];
const began = Date.now();

const checked = await run('promtool', ['check', 'rules', ...shipped], { cwd: root, quiet: true });
results.push({ name: `check rules (${shipped.length} files)`, ...checked });
for (const file of tests) {
  results.push({
    name: path.relative(alerts, file),
    ...(await run('promtool', ['test', 'rules', file], { cwd: path.dirname(file), quiet: true })),
  });
}
const seconds = (Date.now() - began) / 1000;

for (const { name, code, output } of results.filter(({ code }) => code !== 0)) {
  process.stdout.write(`FAILED ${name} (exit ${code})\n${output}\n`);
}
process.stdout.write(`${tests.length} alerts tested in ${seconds.toFixed(1)} s\n`);
const failed = results.filter(({ code }) => code !== 0).length + (tests.length === 0 ? 1 : 0);
process.stdout.write(`${results.filter(({ code }) => code === 0).length} passed, ${failed} failed\n`);
process.exit(failed ? 1 : 0);
