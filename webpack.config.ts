/**
 * The scaffold's webpack configuration, extended (`.config/` stays untouched, so that create-plugin can update it).
 *
 * 1. `react/jsx-runtime` is bundled as a shim: Grafana before 12.3 does not offer it, and the page dies with a 404.
 * 2. Packs are compiled from YAML to JSON before the build, and become one lazy chunk each.
 * 3. The workspace packages are TypeScript sources: they are resolved and compiled like the plugin's own.
 * 4. Chunks are kept under the size budget that `scripts/build-plugin.mjs` checks after the build.
 */
import { createRequire } from 'node:module';
import path from 'node:path';
import type { Configuration } from 'webpack';
import { merge } from 'webpack-merge';
import { compilePacks } from './scripts/compile-packs.mjs';

type Env = Record<string, unknown>;

const root = process.cwd();
// Required by path, so that the scaffold's files are not held to this project's stricter compiler options.
const scaffold = createRequire(path.join(root, 'package.json'))('./.config/webpack/webpack.config.ts') as {
  default: (env: Env) => Promise<Configuration>;
};
const jsxRuntime = path.resolve(root, 'src/compat/jsxRuntime.ts');
const OFFERED_FROM_12_3 = ['react/jsx-runtime', 'react/jsx-dev-runtime'];

const config = async (env: Env): Promise<Configuration> => {
  const base = await scaffold.default(env);
  const packs = compilePacks(path.resolve(root, '.cache/packs'));

  if (!Array.isArray(base.externals)) {
    throw new Error('.config/bundler/externals.ts no longer exports a list: adapt webpack.config.ts');
  }
  base.externals = base.externals.filter((e) => !(typeof e === 'string' && OFFERED_FROM_12_3.includes(e)));

  return merge(base, {
    cache: { type: 'filesystem', buildDependencies: { own: [path.resolve(root, 'webpack.config.ts')] } },
    resolve: {
      alias: {
        'react/jsx-runtime$': jsxRuntime,
        'react/jsx-dev-runtime$': jsxRuntime,
        '@live-runbooks/packs$': packs.index,
      },
    },
    optimization: {
      // Sizes are bytes before minification: 320 kB of source stay well under 110 kB gzip.
      splitChunks: { chunks: 'async', maxAsyncSize: 320_000, minSize: 20_000 },
    },
    performance: { hints: false },
    // Scenes refers to a default that this version of the schema no longer exports, and works without it.
    ignoreWarnings: [{ module: /@grafana\/scenes/, message: /export 'defaultOptions'/ }],
  });
};

export default config;
