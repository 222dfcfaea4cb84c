// `npm run demo`: from a fresh clone to a running estate with the workbench on top. Only Node's built-ins until the
// packages are installed.
import { spawn } from 'node:child_process';
import { ensureBuild } from './lib/build.mjs';
import { bold, say } from './lib/console.mjs';
import { ensureDebianPackages } from './lib/debian.mjs';
import { ensureNpmPackages } from './lib/packages.mjs';
import { root } from './lib/root.mjs';

say(bold('Live Runbooks demo'));
await ensureDebianPackages({ browser: false });
await ensureNpmPackages();
await ensureBuild();

const estate = spawn(process.execPath, ['--import', 'tsx', 'demo/src/main.ts', ...process.argv.slice(2)], {
  cwd: root,
  stdio: 'inherit',
});
// The terminal sends Ctrl-C to the whole group: the estate stops its own parts, this waits for it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => signal !== 'SIGINT' && estate.kill(signal));
}
estate.on('close', (code, signal) => process.exit(code ?? (signal ? 130 : 1)));
