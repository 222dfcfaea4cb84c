import { defineConfig } from 'vitest/config';

/**
 * Deadlines that only tell a test that hangs from one that works: on a machine that is busy with something else a second
 * becomes a minute, and no test may fail because of that.
 */
const HANGS_MS = 300_000;

/** One project a room: `npx vitest run --project engine`. Rooms that start real servers run one file at a time. */
const unit = (name: string, include: string[]) => ({
  test: { name, include, environment: 'node' as const, testTimeout: HANGS_MS, ...shared() },
});
const servers = (name: string, include: string[], workers = 1) => ({
  test: {
    name,
    include,
    environment: 'node' as const,
    testTimeout: HANGS_MS,
    hookTimeout: HANGS_MS,
    ...shared(workers),
  },
});

/** The files of a worker share what they import: loading it anew for each takes longer than the tests. */
const shared = (workers?: number) => ({
  pool: 'forks' as const,
  poolOptions: { forks: { isolate: false, ...(workers ? { minForks: 1, maxForks: workers } : {}) } },
});

export default defineConfig({
  test: {
    projects: [
      unit('engine', ['engine/tests/**/*.test.ts']),
      unit('sources', ['sources/tests/**/*.test.ts']),
      unit('cli', ['cli/tests/**/*.test.ts']),
      unit('packs', ['runbooks/**/*.test.ts', 'tests/packs/**/*.test.ts']),
      unit('architecture', ['tests/architecture/**/*.test.ts']),
      {
        test: {
          name: 'plugin',
          include: ['src/**/*.test.{ts,tsx}'],
          environment: 'jsdom',
          setupFiles: ['./tests/setup/plugin.ts'],
          // Grafana's packages import style sheets and are half CommonJS: Node cannot load them untransformed.
          server: { deps: { inline: [/@grafana\//] } },
          testTimeout: HANGS_MS,
        },
      },
      servers('diagnostics', ['diagnostics/tests/**/*.test.ts'], 2),
      servers('demo', ['demo/tests/**/*.test.ts']),
      servers('commands', ['tests/commands/**/*.test.ts']),
      servers('workbench', ['workbench/tests/**/*.test.ts', 'tests/contracts/**/*.test.ts']),
    ],
  },
});
