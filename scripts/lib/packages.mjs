import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { giveUp, say } from './console.mjs';
import { root } from './root.mjs';
import { run } from './run.mjs';

const stamp = path.join(root, 'node_modules', '.live-runbooks-install');

/** Installs the npm packages of the lock file unless exactly these are there already. */
export async function ensureNpmPackages() {
  const [major] = process.versions.node.split('.').map(Number);
  if (major < 20) {
    giveUp(`Node 20 or newer is needed, this is ${process.version}. Install a current Node.js and try again.`);
  }
  const lock = createHash('sha256')
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex');
  const want = `${lock} node${major}`;
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === want) {
    return;
  }
  say('installing npm packages (one to two minutes the first time)');
  const { code } = await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root });
  if (code !== 0) {
    giveUp('npm ci failed; its message is above. Is the package registry reachable?');
  }
  mkdirSync(path.dirname(stamp), { recursive: true });
  writeFileSync(stamp, want);
}
