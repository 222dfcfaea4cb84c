/** A disk that is really full, and one that is really read-only: a tmpfs in a mount namespace of its own. */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { temporaryDirectory } from './made';

const SCRIPT = fileURLToPath(new URL('./diskProcess.ts', import.meta.url));

const namespace = process.getuid?.() === 0 ? ['--mount'] : ['--mount', '--map-root-user'];
const allowed = spawnSync('unshare', [...namespace, 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt']).status === 0;

it.skipIf(!allowed)('reports it, goes on, reads what it can, and writes again when it can', () => {
  const script = ['--expose-gc', '--import', 'tsx', SCRIPT, temporaryDirectory()];
  const { stdout, stderr } = spawnSync('unshare', [...namespace, process.execPath, ...script], { encoding: 'utf8' });
  const said = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown);
  const well = { recorded: true, problem: null, readable: true, wrote: true };
  expect(said, stderr).toEqual([
    { when: 'at first', ...well },
    { when: 'full', recorded: false, problem: 'full', readable: true, wrote: 'full' },
    { when: 'room again', ...well },
    { when: 'read-only', recorded: false, problem: 'read-only', readable: 'Error', wrote: 'read-only' },
    { when: 'writable again', ...well },
  ]);
});
