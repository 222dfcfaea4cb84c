/** Where a server keeps its data: the directory asked for, or a temporary one that is removed when this process ends. */
import { execFileSync } from 'node:child_process';
import { chownSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { guardDirectory } from './watchdog';

export interface ServerDirectory {
  readonly path: string;
  readonly temporary: boolean;
  /** Removes the directory if it is temporary. */
  remove(): void;
}

/** Can `user` walk to this directory? Asked of the system, since parents' modes, groups and ACLs all count. */
function reachableBy(user: string, path: string): boolean {
  try {
    const as = ['--reuid', user, '--regid', user, '--init-groups', '--'];
    execFileSync('setpriv', [...as, 'test', '-x', dirname(resolve(path))], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** `owner`: the user that the server runs as, when that is not ourselves (we are root). */
export function serverDirectory(kind: string, wanted: string | undefined, owner?: string): ServerDirectory {
  if (wanted !== undefined) {
    mkdirSync(dirname(resolve(wanted)), { recursive: true });
  }
  const temporary = wanted === undefined || (owner !== undefined && !reachableBy(owner, wanted));
  const path = temporary ? mkdtempSync(join(tmpdir(), `live-runbooks-${kind}-`)) : resolve(wanted);
  const release = temporary ? guardDirectory(path) : undefined;
  mkdirSync(path, { recursive: true });
  if (owner !== undefined) {
    const id = (flag: string): number => Number(execFileSync('id', [flag, owner], { encoding: 'utf8' }));
    chownSync(path, id('-u'), id('-g'));
  }
  return {
    path,
    temporary,
    remove() {
      if (release !== undefined) {
        rmSync(path, { recursive: true, force: true });
        release();
      }
    },
  };
}
