/** The house of docs/ARCHITECTURE.md, held against the files that git tracks. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { forbiddenImports, tableOf, type Table } from './direction';
import { placesIn } from './places';
import { impurities } from './purity';

const ROOT = join(import.meta.dirname, '../..');
const FILES = execFileSync('git', ['ls-files', '-z'], { cwd: ROOT, encoding: 'utf8' })
  .split('\0')
  .filter((path) => path !== '' && existsSync(join(ROOT, path)));
const TABLE = tableOf(readFileSync(join(ROOT, 'docs/ARCHITECTURE.md'), 'utf8'));
const README_LINES = 10;

const textOf = (path: string) => readFileSync(join(ROOT, path), 'utf8');

describe('the table of rooms', () => {
  it('is read from the page', () => {
    expect(Object.fromEntries(TABLE)).toEqual({
      runbooks: new Set(),
      engine: new Set(),
      sources: new Set(['engine']),
      diagnostics: new Set(['engine']),
      cli: new Set(['engine', 'sources']),
      src: new Set(['engine', 'sources']),
      alerts: new Set(),
      dashboards: new Set(),
      provisioning: new Set(),
      demo: new Set(['engine']),
      workbench: new Set(['sources']),
      tests: 'everything',
      bench: 'everything',
      scripts: 'everything',
    });
  });
});

describe('the repository', () => {
  it('has files to look at', () => {
    expect(FILES.filter((path) => path.startsWith('engine/src/')).length).toBeGreaterThan(5);
  });

  it('imports in one direction only', () => {
    expect(forbiddenImports(ROOT, FILES, TABLE)).toEqual([]);
  });

  it('keeps runbooks to data', () => {
    expect(FILES.filter((path) => /^runbooks\/.*\.[mc]?[jt]sx?$/.test(path) && !path.endsWith('.test.ts'))).toEqual([]);
  });

  it('keeps clock, chance and I/O out of the engine', () => {
    const engine = FILES.filter((path) => /^engine\/src\/.*\.ts$/.test(path));
    expect(engine.flatMap((path) => impurities(path, textOf(path)))).toEqual([]);
  });

  it.each([...TABLE.keys()].filter((room) => existsSync(join(ROOT, room, 'README.md'))))(
    'says in ten lines what %s/ is',
    (room) => {
      const lines = textOf(`${room}/README.md`).trimEnd().split('\n').length;
      expect(lines).toBeLessThanOrEqual(README_LINES);
    }
  );

  it('names no place of one machine', () => {
    // The scaffold's container paths are its own.
    const ours = FILES.filter(
      (path) => !path.startsWith('.config/') && !/\.(?:png|jpe?g|gif|ico|woff2?|gz)$/.test(path)
    );
    expect(ours.flatMap((path) => placesIn(path, textOf(path)))).toEqual([]);
  });
});

describe('a made-up tree', () => {
  let root: string;
  beforeAll(() => {
    root = mkdtempSync(join(tmpdir(), 'rooms-'));
  });
  afterAll(() => rmSync(root, { recursive: true, force: true }));

  function check(files: Readonly<Record<string, string>>, table: Table = TABLE): string[] {
    for (const [path, text] of Object.entries(files)) {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), text);
    }
    return forbiddenImports(root, Object.keys(files), table);
  }

  it.each<[string, string, string]>([
    ['a relative import', 'engine/src/a.ts', `\nimport { x } from '../../sources/src/x';`],
    ['a package', 'engine/src/a.ts', `import x from '@live-runbooks/sources';`],
    ['a path in a package', 'sources/src/a.ts', `import x from '@live-runbooks/diagnostics/checks';`],
    ['a type', 'sources/src/a.ts', `import type { X } from '../../cli/src/x';`],
    ['one type among values', 'sources/src/a.ts', `import { type X } from '../../cli/src/x';`],
    ['a type in place', 'sources/src/a.ts', `let x: import('../../src/x').X;`],
    ['an import for its effect', 'diagnostics/src/a.ts', `import '../../sources/src/x';`],
    ['a re-export', 'cli/src/a.ts', `export * from '../../src/module';`],
    ['a re-export of a type', 'cli/src/a.ts', `export type { X } from '../../diagnostics/src/x';`],
    ['a dynamic import', 'src/a.tsx', `const A = lazy(() => import('../demo/src/x'));`],
    ['a template without holes', 'src/a.tsx', 'void import(`../demo/src/x`);'],
    ['require', 'cli/bin/a.mjs', `const x = require('../../demo/src/x');`],
    ['import =', 'demo/src/a.ts', `import x = require('../../sources/src/x');`],
    ['a room of data', 'engine/src/a.ts', `import pack from '../../runbooks/gorax/pack.json';`],
    ['what crosses rooms', 'workbench/src/a.ts', `import x from '../../tests/setup/x';`],
    ['through a room that may', 'workbench/src/a.ts', `import x from '@live-runbooks/engine';`],
    ['beyond the servers, in a test', 'diagnostics/tests/a.test.ts', `import x from '../../demo/src/faults';`],
    ['the servers, outside a test', 'diagnostics/src/a.ts', `import x from '../../demo/src/servers';`],
    ['the schema, in the plugin', 'src/a.ts', `import x from '@live-runbooks/engine/authoring';`],
    ['the schema, in what runs in the browser', 'engine/src/a.ts', `import x from './authoring/schema';`],
    ['the compiled packs', 'cli/src/a.ts', `import x from '@live-runbooks/packs';`],
  ])('is caught with %s', (_, path, text) => {
    const line = text.startsWith('\n') ? 2 : 1;
    expect(check({ [path]: text })).toEqual([expect.stringContaining(`${path}:${line}: `)]);
  });

  it('is left alone where the table allows it', () => {
    expect(
      check({
        'engine/src/a.ts': `import x from './model/x'; import z from 'zod';`,
        'engine/src/authoring/a.ts': `import x from './schema'; import y from '../model/pack';`,
        'engine/tests/a.test.ts': `import x from '../src/authoring';`,
        'sources/src/a.ts': `import type { Plan } from '@live-runbooks/engine'; // import '../../cli/src/x'`,
        'diagnostics/tests/a.test.ts': `import x from '../../demo/src/servers'; import y from '../../demo/src/servers/redis';`,
        'cli/src/a.ts': `import x from '@live-runbooks/engine/authoring'; import y from '@live-runbooks/sources';`,
        'src/a.tsx': `import x from '@live-runbooks/packs'; import y from './pages/x'; const s = "import '../demo/x'";`,
        'demo/src/a.ts': `spawn('tsx', ['diagnostics/src/main.ts']); import x from '../../engine/src/index';`,
        'tests/e2e/a.spec.ts': `import x from '../../demo/src/faults';`,
        'bench/a.ts': `import x from '../engine/src/index'; import y from '../src/module';`,
        'webpack.config.ts': `import x from './src/compat';`,
      })
    ).toEqual([]);
  });
});

describe('impurity', () => {
  it.each([
    'const t = Date.now();',
    'const t = new Date();',
    'const t = Date();',
    'const t = Math.random();',
    'const t = performance.now();',
    `import { readFileSync } from 'fs';`,
    `import { readFileSync } from 'node:fs';`,
    `const fs = await import('node:fs/promises');`,
    'const home = process.env.HOME;',
    'const { env } = process;',
    'globalThis.fetch("x");',
    'void fetch("x");',
    'setTimeout(() => {}, 1);',
    'console.log(1);',
  ])('%s is found', (text) => {
    expect(impurities('a.ts', text)).toHaveLength(1);
  });

  it.each([
    'const t = new Date(at).toISOString();',
    'const t = Date.parse(text);',
    '// Date.now() is forbidden here',
    `const text = 'new Date()';`,
    'interface A { process: string; fetch(): void }',
    'const a = { console: 1 }; a.console;',
    'const x = Math.max(1, 2);',
  ])('%s is not', (text) => {
    expect(impurities('a.ts', text)).toEqual([]);
  });
});

describe('places', () => {
  it.each([
    ['see ', '/wo', 'rk/main/engine'],
    ['cd ', '/wo', 'rk/shared'],
    ['"/ho', 'me/ada/', 'x"'],
    ['/Us', 'ers/ada/', 'x'],
    ['"resol', 'ved": "https://npm.', 'example.com/zod.tgz"'],
    ['https://arti', 'factory.example', '/npm'],
  ])('%s%s%s is found', (...parts) => {
    expect(placesIn('a', `first\n${parts.join('')}`).join()).toContain('a:2: ');
  });

  it.each([
    '/api/plugin-proxy/x',
    'https://grafana.example/home/dashboards',
    './work/x',
    '"resolved": "https://registry.npmjs.org/zod"',
  ])('%s is not', (text) => {
    expect(placesIn('a', text)).toEqual([]);
  });
});
