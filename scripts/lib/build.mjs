import { existsSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { giveUp, say } from './console.mjs';
import { root } from './root.mjs';
import { run } from './run.mjs';

/** Newest change below a path, ms; ignores what is built or installed. */
function newest(place) {
  const full = path.join(root, place);
  if (!existsSync(full)) {
    return 0;
  }
  const stat = statSync(full);
  if (!stat.isDirectory()) {
    return stat.mtimeMs;
  }
  return Math.max(
    stat.mtimeMs,
    ...readdirSync(full)
      .filter((name) => !['node_modules', 'dist', 'out', 'tests', 'generated'].includes(name))
      .map((name) => newest(path.join(place, name)))
  );
}

const BUILDS = [
  {
    what: 'the plugin',
    made: 'dist/module.js',
    from: [
      'src',
      'engine/src',
      'sources/src',
      'runbooks',
      'cli/src',
      'webpack.config.ts',
      '.config',
      'package-lock.json',
    ],
    command: ['npm', ['run', '--silent', 'build:plugin']],
  },
  {
    what: 'the workbench',
    made: 'workbench/out/main.js',
    from: ['workbench/src', 'workbench/build.ts', 'package-lock.json'],
    command: ['npm', ['run', '--silent', 'build:workbench']],
  },
];

/** Builds what is missing or older than its sources. */
export async function ensureBuild() {
  for (const { what, made, from, command } of BUILDS) {
    const file = path.join(root, made);
    if (existsSync(file) && statSync(file).mtimeMs > Math.max(...from.map(newest))) {
      continue;
    }
    say(`building ${what}`);
    const { code, output } = await run(command[0], command[1], { cwd: root, quiet: true });
    if (code !== 0) {
      process.stderr.write(output);
      giveUp(`Building ${what} failed; its messages are above.`);
    }
  }
}
