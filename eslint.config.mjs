import { defineConfig } from 'eslint/config';
import baseConfig from './.config/eslint.config.mjs';

/**
 * The one direction: a room imports from the rooms that it is given here and from no other.
 * `tests/architecture/rooms.test.ts` holds the same table against the code without ESLint.
 */
const MAY_IMPORT = {
  engine: [],
  sources: ['engine'],
  diagnostics: ['engine'],
  cli: ['engine', 'sources'],
  src: ['engine', 'sources'],
  demo: ['engine'],
  workbench: ['sources'],
};
const ROOMS = [...Object.keys(MAY_IMPORT), 'tests', 'bench', 'scripts'];

const direction = Object.entries(MAY_IMPORT).map(([room, allowed]) => {
  const forbidden = ROOMS.filter((other) => other !== room && !allowed.includes(other));
  return {
    files: [`${room}/**/*.{ts,tsx,mts,mjs}`],
    ignores: [`${room}/tests/**`, `${room}/**/*.test.{ts,tsx}`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: forbidden.map((other) => ({
            group: [`@live-runbooks/${other}`, `@live-runbooks/${other}/*`, `../**/${other}/**`, `../${other}/**`],
            message: `${room}/ may not import from ${other}/: see the table in docs/ARCHITECTURE.md.`,
          })),
        },
      ],
    },
  };
});

/** The engine runs in the browser and repeats exactly: no clock, no chance, no I/O, no schema library in its run time. */
const pureEngine = {
  files: ['engine/src/**/*.ts'],
  rules: {
    'no-restricted-globals': ['error', 'process', 'fetch', 'setTimeout', 'setInterval', 'console'],
    'no-restricted-properties': [
      'error',
      { object: 'Date', property: 'now', message: 'The time is an argument.' },
      { object: 'Math', property: 'random', message: 'The engine is deterministic.' },
    ],
  },
};

export default defineConfig([
  {
    ignores: [
      '**/node_modules/',
      '**/dist/',
      '**/out/',
      '.config/',
      '.demo/',
      '**/.cache/',
      'test-results/',
      'playwright-report/',
    ],
  },
  ...baseConfig,
  {
    files: ['**/*.{ts,tsx}'],
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      'no-console': 'error',
    },
  },
  // programs that talk to a terminal
  {
    files: [
      'cli/**',
      'demo/**',
      'bench/**',
      'scripts/**',
      'workbench/src/server/**',
      'workbench/*.ts',
      'tests/**',
      'diagnostics/src/main.ts',
    ],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['{engine,sources,diagnostics,cli,demo,tests,bench,scripts}/**'],
    rules: { 'react-hooks/rules-of-hooks': 'off' },
  },
  pureEngine,
  ...direction,
]);
