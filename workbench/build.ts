import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import * as esbuild from 'esbuild';

const room = path.dirname(fileURLToPath(import.meta.url));
const repository = path.dirname(room);
/** The bundle that the server hands to the browser. */
export const hostBundle = path.join(room, 'out');
const stampFile = path.join(hostBundle, 'stamp');

/** `@grafana/ui` and `@grafana/scenes` keep these two functions to themselves; their exports maps hide the files. */
const internals: Record<string, (inside: string) => string> = {
  '@ui-internal/': (inside) => path.join(repository, 'node_modules/@grafana/ui/dist/esm', `${inside}.mjs`),
  '@scenes-internal/': (inside) => path.join(repository, 'node_modules/@grafana/scenes/dist/esm', inside),
};

const hostPackages: esbuild.Plugin = {
  name: 'host-packages',
  setup(build) {
    for (const [prefix, file] of Object.entries(internals)) {
      build.onResolve({ filter: new RegExp(`^${prefix}`) }, (args) => ({ path: file(args.path.slice(prefix.length)) }));
    }
    // One router for all: @grafana/ui would bring copies of its own. @grafana/scenes is written for v6 and the rest of
    // Grafana for v5; in Grafana, too, v6 is the compat package.
    build.onResolve({ filter: /^react-router-dom(-v5-compat)?$/ }, (args) =>
      args.pluginData === 'resolved'
        ? undefined
        : build.resolve(args.importer.includes('/@grafana/scenes/') ? 'react-router-dom-v5-compat' : args.path, {
            kind: args.kind,
            resolveDir: room,
            pluginData: 'resolved',
          })
    );
  },
};

/**
 * Bundles the browser's half of the workbench into `workbench/out/`.
 * It is built beside the old bundle and then put in its place, so a running server never serves half a bundle.
 */
export async function buildHost(): Promise<{ files: number; bytes: number; tookMs: number }> {
  const startedAt = Date.now();
  const fingerprint = sourceFingerprint();
  const fresh = path.join(room, `out.building-${process.pid}`);
  try {
    const result = await esbuild.build({
      entryPoints: { main: 'src/host/main.tsx' },
      absWorkingDir: room,
      outdir: fresh,
      bundle: true,
      format: 'esm',
      splitting: true,
      minify: true,
      metafile: true,
      target: 'es2022',
      jsx: 'automatic',
      define: { 'process.env.NODE_ENV': '"production"', global: 'window' },
      loader: { '.svg': 'dataurl', '.ttf': 'file', '.woff2': 'file' },
      logLevel: 'error',
      plugins: [hostPackages],
      tsconfigRaw: {},
    });
    writeFileSync(path.join(fresh, 'stamp'), fingerprint);
    rmSync(hostBundle, { recursive: true, force: true });
    renameSync(fresh, hostBundle);
    const outputs = Object.values(result.metafile.outputs);
    const bytes = outputs.reduce((sum, output) => sum + output.bytes, 0);
    return { files: outputs.length, bytes, tookMs: Date.now() - startedAt };
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** Whether `workbench/out/` was built from the sources and the packages that are here now. */
export function hostIsBuilt(): boolean {
  return existsSync(stampFile) && readFileSync(stampFile, 'utf8') === sourceFingerprint();
}

function sourceFingerprint(): string {
  const hash = createHash('sha256');
  const sources = readdirSync(path.join(room, 'src/host'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort();
  for (const file of [fileURLToPath(import.meta.url), path.join(room, 'package.json'), ...sources]) {
    hash.update(path.relative(room, file)).update('\0').update(readFileSync(file));
  }
  return hash.digest('hex');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { files, bytes, tookMs } = await buildHost();
  console.log(`workbench: ${files} files, ${(bytes / 1e6).toFixed(2)} MB, built in ${tookMs} ms`);
}
