/** A bash whose only programs are stand-ins and a few real ones, in a directory of its own. */
import { execFileSync, spawn } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const STAND_INS = join(import.meta.dirname, 'standIns');
const PROGRAMS = ['kubectl', 'curl', 'go'];
/** What filters text, and the clients that talk to real servers of the test. */
const REAL = ['cat', 'grep', 'head', 'pg_isready', 'redis-cli', 'sed', 'sort', 'tail', 'uniq'];
/** Only tells a command that hangs from one that works. */
const HANGS_MS = 120_000;

/** What the stand-in of kubectl knows. */
export interface Cluster {
  readonly namespace: string;
  readonly workloads: ReadonlyArray<{
    readonly kind: 'deployment' | 'statefulset';
    readonly name: string;
    readonly labels: string;
    readonly containers: readonly string[];
    readonly replicas: number;
  }>;
}

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Calls of stand-ins that did something, in order. */
  readonly calls: string;
  /** Calls that a stand-in would not take. */
  readonly refused: string;
  /** Files that the command left, by name. */
  readonly files: Readonly<Record<string, string>>;
  /** Pid of a port-forward that the command started. */
  readonly forward?: number;
}

export class Terminal {
  private readonly home = mkdtempSync(join(tmpdir(), 'commands-'));
  private readonly bin = join(this.home, 'bin');
  private runs = 0;

  constructor() {
    mkdirSync(this.bin);
    for (const name of PROGRAMS) {
      const path = join(this.bin, name);
      writeFileSync(path, `#!/bin/sh\nexec '${process.execPath}' '${join(STAND_INS, `${name}.mjs`)}' "$@"\n`);
      chmodSync(path, 0o755);
    }
    for (const name of REAL) {
      symlinkSync(onPath(name), join(this.bin, name));
    }
  }

  /** What `bash -n` says about a command: nothing when it can be read. */
  syntax(command: string): string {
    try {
      execFileSync('bash', ['-n', '-c', command], { stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' });
      return '';
    } catch (error) {
      return (error as { stderr?: string }).stderr ?? String(error);
    }
  }

  async run(command: string, cluster: Cluster): Promise<Ran> {
    const world = join(this.home, String((this.runs += 1)));
    const cwd = join(world, 'cwd');
    mkdirSync(cwd, { recursive: true });
    writeFileSync(join(world, 'cluster.json'), JSON.stringify(cluster));
    const read = (file: string) => (existsSync(join(world, file)) ? readFileSync(join(world, file), 'utf8') : '');
    const bash = spawn(onPath('bash'), ['--norc', '-c', `{ ${command}\n} >../stdout 2>../stderr`], {
      cwd,
      env: { PATH: this.bin, LC_ALL: 'C', STAND_IN_WORLD: world },
      stdio: 'ignore',
      detached: true,
    });
    const hanging = setTimeout(() => bash.pid !== undefined && process.kill(-bash.pid, 'SIGKILL'), HANGS_MS);
    const code = await new Promise<number | null>((resolve, reject) => {
      bash.once('exit', resolve);
      bash.once('error', reject);
    });
    clearTimeout(hanging);
    const forward = read('forward.pid');
    return {
      code,
      stdout: read('stdout'),
      stderr: read('stderr'),
      calls: read('calls'),
      refused: read('refused'),
      files: Object.fromEntries(readdirSync(cwd).map((name) => [name, readFileSync(join(cwd, name), 'utf8')])),
      ...(forward === '' ? {} : { forward: Number(forward) }),
    };
  }

  dispose(): void {
    rmSync(this.home, { recursive: true, force: true });
  }
}

function onPath(name: string): string {
  const found = (process.env.PATH ?? '')
    .split(delimiter)
    .concat('/usr/bin', '/bin')
    .map((directory) => join(directory, name))
    .find((path) => existsSync(path));
  if (found === undefined) {
    throw new Error(`${name} is not installed`);
  }
  return found;
}
