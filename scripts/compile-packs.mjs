/**
 * Compiles `runbooks/` to JSON with the command line's own `compile`, and writes the index that the plugin imports as
 * `@live-runbooks/packs`: one lazy `import()` a pack, and one for all kinds, so that each
 * becomes a chunk of its own.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** All kinds; every other file that is compiled is a pack. */
const KINDS_FILE = 'kinds.json';

/**
 * @param {string} out folder for the compiled packs; emptied first
 * @returns {{ index: string, ids: string[] }} path of the index, and the ids of the packs
 */
export function compilePacks(out) {
  rmSync(out, { recursive: true, force: true });
  mkdirSync(out, { recursive: true });
  execFileSync(process.execPath, ['--import', 'tsx', 'cli/src/main.ts', 'compile', '--without-tests', '--out', out], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ids = readdirSync(out)
    .filter((file) => file.endsWith('.json') && file !== KINDS_FILE)
    .map((file) => path.basename(file, '.json'))
    .sort();
  if (ids.length === 0) {
    throw new Error(`No pack was compiled to ${out}: see \`npx tsx cli/src/main.ts lint\``);
  }
  const lines = ids.map(
    (id) => `  { id: '${id}', load: () => import(/* webpackChunkName: "pack-${id}" */ './${id}.json') },`
  );
  const index = path.join(out, 'index.js');
  writeFileSync(
    index,
    `export const compiledPacks = [\n${lines.join('\n')}\n];\n` +
      `export const loadKinds = () => import(/* webpackChunkName: "kinds" */ './${KINDS_FILE}');\n`
  );
  return { index, ids };
}
