import { defineConfig } from 'vitest/config';

/** One project a room: `npx vitest run --project engine`. Rooms that start real servers run one file at a time. */
const unit = (name: string, include: string[]) => ({
  test: { name, include, environment: 'node' as const, testTimeout: 10_000 },
});
const servers = (name: string, include: string[]) => ({
  test: {
    name,
    include,
    environment: 'node' as const,
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
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
          testTimeout: 20_000,
        },
      },
      servers('diagnostics', ['diagnostics/tests/**/*.test.ts']),
      servers('demo', ['demo/tests/**/*.test.ts']),
      servers('workbench', ['workbench/tests/**/*.test.ts', 'tests/contracts/**/*.test.ts']),
    ],
  },
});
