/**
 * Everything that is committed and generated: `node scripts/generated.mjs` writes it anew, `--check` only compares.
 * cli/src/checks.json and docs/checks.md come from the checks, the reference in docs/diagnostics.md from the schema of the
 * configuration, docs/lint.md from the rules, the JSON Schemas for editors from the notation, alerts and dashboard from the packs.
 */
import { root } from './lib/root.mjs';
import { run } from './lib/run.mjs';

const options = process.argv.slice(2);
// The catalogue first: the packs are linted against it.
const GENERATORS = [
  ['diagnostics/catalogue.ts'],
  ['diagnostics/reference.ts'],
  ['cli/src/main.ts', 'generate', 'rules'],
  ['cli/src/main.ts', 'schema'],
  ['cli/src/main.ts', 'generate', 'alerts'],
  ['cli/src/main.ts', 'generate', 'dashboards'],
];

let failed = false;
for (const generator of GENERATORS) {
  const { code } = await run(process.execPath, ['--import', 'tsx', ...generator, ...options], { cwd: root });
  failed ||= code !== 0;
}
process.exitCode = failed ? 1 : 0;
