/**
 * Makes `diagnostics/dist/`, which needs plain Node and nothing beside it: `main.js`, and SQLite's binding for Linux, which
 * cannot be bundled. `npx tsx diagnostics/build.ts`.
 */
import { cpSync, mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';
import { licenceText, licencesOf } from './licences';

const room = path.dirname(fileURLToPath(import.meta.url));
const NATIVE = '@photostructure/sqlite';
/** Beside the bundle; SQLite's binding brings its own. */
export const LICENCES = 'THIRD-PARTY-LICENCES.txt';

/**
 * What Node is told when it runs the bundle. Rounds are short-lived objects: a small nursery collects them sooner, and
 * the process stays 20 MB smaller. The old space is bounded far above what is used.
 */
export const NODE_FLAGS = ['--max-semi-space-size=2', '--max-old-space-size=192'] as const;

export interface Bundle {
  /** Run it with `node`. */
  readonly main: string;
  readonly mainBytes: number;
  /** Of everything in the directory. */
  readonly bytes: number;
}

/** It is built beside the old one and then put in its place. Errors: esbuild's, with file and line. */
export async function buildService(outdir = path.join(room, 'dist')): Promise<Bundle> {
  const fresh = `${outdir}.building-${process.pid}`;
  try {
    const { metafile } = await esbuild.build({
      entryPoints: {
        main: path.join(room, 'src/main.ts'),
        // The thread that compiles packs is a program of its own.
        compileThread: path.join(room, 'src/customPacks/compileThread.ts'),
      },
      outdir: fresh,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      minifySyntax: true,
      minifyWhitespace: true,
      // Names stay, and the stack traces in the log with them.
      keepNames: true,
      // Comments name few of the packages: the file beside the bundle names all of them.
      legalComments: 'none',
      metafile: true,
      absWorkingDir: room,
      external: [NATIVE, 'pg-native', 'pg-cloudflare'],
      // Bundled CommonJS packages call require() for what is built into Node.
      banner: {
        js: "import { createRequire as createRequireOfBundle } from 'node:module'; const require = createRequireOfBundle(import.meta.url);",
      },
      logLevel: 'error',
      tsconfigRaw: {},
    });
    copyNative(path.join(fresh, 'node_modules'));
    // Packs of somebody else rest on them.
    cpSync(path.join(room, '../runbooks/kinds'), path.join(fresh, 'kinds'), { recursive: true });
    const bundled = licencesOf(Object.keys(metafile.inputs), room);
    writeFileSync(path.join(fresh, LICENCES), licenceText(bundled));
    writeFileSync(path.join(fresh, 'package.json'), '{ "type": "module", "private": true }\n');
    rmSync(outdir, { recursive: true, force: true });
    renameSync(fresh, outdir);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
  const main = path.join(outdir, 'main.js');
  return { main, mainBytes: statSync(main).size, bytes: bytesIn(outdir) };
}

/** The package, and the one that finds its binding: without sources, maps, and the bindings of other systems. */
function copyNative(into: string): void {
  const sqlite = path.dirname(createRequire(import.meta.url).resolve(`${NATIVE}/package.json`));
  const finder = path.dirname(createRequire(path.join(sqlite, 'package.json')).resolve('node-gyp-build/package.json'));
  const wanted: ReadonlyArray<readonly [from: string, name: string, files: readonly string[]]> = [
    [sqlite, NATIVE, ['package.json', 'LICENSE', 'dist/index.mjs', 'prebuilds/linux-x64', 'prebuilds/linux-arm64']],
    [finder, 'node-gyp-build', ['package.json', 'LICENSE', 'index.js', 'node-gyp-build.js']],
  ];
  for (const [from, name, files] of wanted) {
    for (const file of files) {
      const to = path.join(into, name, file);
      mkdirSync(path.dirname(to), { recursive: true });
      cpSync(path.join(from, file), to, { recursive: true, filter: (each) => !each.endsWith('.musl.node') });
    }
  }
}

function bytesIn(directory: string): number {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(path.join(entry.parentPath, entry.name)).size, 0);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  // Not awaited at the top: the benchmarks load this file as CommonJS. A failure ends the process all the same.
  void buildService().then(({ mainBytes, bytes }) => {
    const mb = (count: number): string => `${(count / 1e6).toFixed(2)} MB`;
    process.stdout.write(`diagnostics/dist: main.js ${mb(mainBytes)}, ${mb(bytes)} with SQLite's bindings\n`);
  });
}
