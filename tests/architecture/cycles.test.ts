/** No circle of imports in any room, and the folders of the engine in the order of the data's way. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { circles, importGraph } from './cycles';

const ROOT = join(import.meta.dirname, '../..');
const FILES = execFileSync('git', ['ls-files', '-z', '*.ts', '*.tsx'], { cwd: ROOT, encoding: 'utf8' })
  .split('\0')
  .filter((path) => path !== '' && !path.startsWith('.config/') && existsSync(join(ROOT, path)));
const textOf = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const GRAPH = importGraph(FILES, textOf);
const ENGINE = 'engine/src/';

describe('circles of imports', () => {
  it('are found in a made-up tree', () => {
    const texts: Readonly<Record<string, string>> = {
      'a.ts': "import { b } from './b';",
      'b.ts': "import type { C } from './c';",
      'c.ts': "export * from './a';",
      'd.ts': "import './a';",
    };
    expect(circles(importGraph(Object.keys(texts), (path) => texts[path] ?? ''))).toEqual([['a.ts', 'b.ts', 'c.ts']]);
  });

  it('do not exist', () => {
    expect(GRAPH.size).toBeGreaterThan(500);
    // Known, and to be broken: the configuration of a kind of target stands apart from the kind, lint's rules and their texts.
    const known = /^(?:diagnostics|workbench|engine\/src\/authoring\/lint)\//;
    expect(circles(GRAPH).filter((files) => !files.every((file) => known.test(file)))).toEqual([]);
  });
});

describe('the folders of the engine', () => {
  const line = /^Folders in the order.*?: (.+)\.$/m.exec(textOf('engine/README.md'))?.[1] ?? '';
  const order = [...line.matchAll(/`(\w+)`/g)].map(([, name]) => name);
  const folderOf = (path: string) => /^engine\/src\/(\w+)\//.exec(path)?.[1];

  it('all stand in the order that its README gives', () => {
    const folders = new Set(FILES.filter((path) => path.startsWith(ENGINE)).flatMap((path) => folderOf(path) ?? []));
    expect([...folders].sort()).toEqual([...order].sort());
  });

  it('import from earlier ones only', () => {
    const back = [...GRAPH].flatMap(([from, to]) =>
      to.flatMap((other) => {
        const [a, b] = [folderOf(from), folderOf(other)];
        const isBack =
          from.startsWith(ENGINE) && a !== undefined && b !== undefined && order.indexOf(b) > order.indexOf(a);
        return isBack ? [`${from} imports ${other}`] : [];
      })
    );
    expect(back).toEqual([]);
  });
});
