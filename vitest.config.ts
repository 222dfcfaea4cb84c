import { defaultExclude, defineConfig } from 'vitest/config';
import { REPLACE_MODULES } from './tests/setup/replaceModules';

/**
 * Deadlines that only tell a test that hangs from one that works: on a machine that is busy with something else a second
 * becomes a minute, and no test may fail because of that.
 */
const HANGS_MS = 300_000;

const shared = (name: string, include: string[], exclude: string[] = []) => ({
  name,
  include,
  exclude: [...defaultExclude, ...exclude],
  environment: 'node',
  isolate: false,
  testTimeout: HANGS_MS,
  hookTimeout: HANGS_MS,
});
const apart = (files: string[]) => ({ include: files, exclude: defaultExclude, isolate: true });
const pages = {
  environment: 'jsdom',
  setupFiles: ['./tests/setup/plugin.ts'],
  // Grafana's packages import style sheets and are half CommonJS: Node cannot load them untransformed.
  server: { deps: { inline: [/@grafana\//] } },
};
const plugin = {
  ...shared('plugin', ['src/**/*.test.{ts,tsx}', 'tests/plugin/**/*.test.tsx'], REPLACE_MODULES.plugin),
  ...pages,
};
const diagnostics = shared('diagnostics', ['diagnostics/tests/**/*.test.ts'], REPLACE_MODULES.diagnostics);

/**
 * One project a room: `npx vitest run --project engine`. Of rooms that start real servers run one file at a time, with
 * `--no-file-parallelism` (`scripts/test.mjs`).
 */
export default defineConfig({
  test: {
    projects: [
      shared('engine', ['engine/tests/**/*.test.ts']),
      shared('sources', ['sources/tests/**/*.test.ts']),
      shared('cli', ['cli/tests/**/*.test.ts']),
      shared('packs', ['runbooks/**/*.test.ts', 'tests/packs/**/*.test.ts']),
      shared('architecture', ['tests/architecture/**/*.test.ts']),
      plugin,
      { ...plugin, ...apart(REPLACE_MODULES.plugin), name: 'plugin-apart' },
      diagnostics,
      { ...diagnostics, ...apart(REPLACE_MODULES.diagnostics), name: 'diagnostics-apart' },
      shared('demo', ['demo/tests/**/*.test.ts']),
      shared('commands', ['tests/commands/**/*.test.ts']),
      shared('workbench', ['workbench/tests/**/*.test.ts', 'tests/contracts/**/*.test.ts']),
    ].map((test) => ({ test })),
  },
});
