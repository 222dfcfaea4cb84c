/** One child process in its own process group, with its log in a file, that cannot outlive this process. */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync, readdirSync } from 'node:fs';
import { guardProcess } from './watchdog';

/** Signals that ask a server to stop, named as `process.kill` names them. */
export type StopSignal = 'SIGTERM' | 'SIGINT' | 'SIGQUIT' | 'SIGKILL';

export interface ProcessOptions {
  /** For errors: "postgres", "redis-server". */
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** stdout and stderr go to this file (appended): a full pipe can then never block the server. */
  readonly logFile: string;
  /** What the watchdog sends when this process ends without having stopped the child. */
  readonly stopSignal?: StopSignal;
  /** Uid and gid for the child; only meaningful as root. */
  readonly runAs?: { readonly user: string };
}

export interface RunningProcess {
  readonly pid: number;
  /** Resolves when it has ended. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
  running(): boolean;
  /** The last lines of its log, for an error message. */
  logTail(lines?: number): string;
  /** Polls until `ready` answers true. Fails with the log's tail at the deadline, or as soon as the process has ended. */
  waitUntil(what: string, ready: () => Promise<boolean>, deadlineMs: number): Promise<void>;
  /** Asks with `signal`, kills the group after `graceMs`, resolves when it is gone. Wakes it first if it is stopped. */
  stop(signal?: StopSignal, graceMs?: number): Promise<void>;
  /** SIGSTOP / SIGCONT to the process, and to its children unless `only`. */
  freeze(only?: 'self'): void;
  thaw(): void;
  childPids(): number[];
}

/** Pids of the direct children of a process, read from /proc: works while they are stopped. */
export function childPids(pid: number): number[] {
  const tasks = `/proc/${pid}/task`;
  if (!existsSync(tasks)) {
    return [];
  }
  const found: number[] = [];
  try {
    for (const task of readdirSync(tasks)) {
      const children = readFileSync(`${tasks}/${task}/children`, 'utf8');
      found.push(...children.split(/\s+/).filter(Boolean).map(Number));
    }
  } catch {
    // The process ended while it was read: it has no children any more.
  }
  return found;
}

function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    process.kill(pid, signal);
    return true;
  } catch {
    return false;
  }
}

/** Starts the process. Errors: the command is missing or may not be run. Readiness is the caller's (`waitUntil`). */
export async function startProcess(options: ProcessOptions): Promise<RunningProcess> {
  const { name, logFile } = options;
  const [command, args] = options.runAs
    ? [
        'setpriv',
        [
          `--reuid=${options.runAs.user}`,
          `--regid=${options.runAs.user}`,
          '--init-groups',
          '--',
          options.command,
          ...options.args,
        ],
      ]
    : [options.command, [...options.args]];

  const log = openSync(logFile, 'a', 0o644);
  let child: ChildProcess;
  try {
    child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      detached: true,
      stdio: ['ignore', log, log],
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', (error) => reject(new Error(`${name} could not be started (${command}): ${error.message}`)));
    });
  } finally {
    closeSync(log);
  }

  const pid = child.pid;
  if (pid === undefined) {
    throw new Error(`${name} could not be started: it has no process id`);
  }
  const release = guardProcess(pid, (options.stopSignal ?? 'SIGTERM').slice(3));
  child.unref();

  let alive = true;
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('exit', (code, signal) => {
      alive = false;
      release();
      resolve({ code, signal });
    });
  });

  const logTail = (lines = 20): string =>
    existsSync(logFile) ? readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-lines).join('\n') : '';

  const thaw = (): void => {
    for (const each of childPids(pid)) {
      send(each, 'SIGCONT');
    }
    send(pid, 'SIGCONT');
  };

  return {
    pid,
    ended,
    running: () => alive,
    logTail,
    childPids: () => childPids(pid),
    async waitUntil(what, ready, deadlineMs) {
      const deadline = Date.now() + deadlineMs;
      let last = '';
      while (Date.now() < deadline) {
        if (!alive) {
          throw new Error(`${name} ended before ${what}. Its log:\n${logTail()}`);
        }
        try {
          if (await ready()) {
            return;
          }
        } catch (error) {
          last = error instanceof Error ? error.message : String(error);
        }
        await new Promise((resolve) => setTimeout(resolve, 40));
      }
      throw new Error(
        `${name}: no "${what}" within ${deadlineMs} ms. Last error: ${last || 'none'}. Its log:\n${logTail()}`
      );
    },
    async stop(signal = options.stopSignal ?? 'SIGTERM', graceMs = 10_000) {
      if (!alive) {
        return;
      }
      const kids = childPids(pid);
      thaw();
      send(pid, signal);
      const timer = setTimeout(() => {
        for (const each of [...kids, ...childPids(pid), -pid, pid]) {
          send(each, 'SIGKILL');
        }
      }, graceMs);
      // `exit` is only delivered while the event loop has work: the timer, referenced, is that work.
      await ended;
      clearTimeout(timer);
    },
    freeze(only) {
      send(pid, 'SIGSTOP');
      if (only !== 'self') {
        for (const each of childPids(pid)) {
          send(each, 'SIGSTOP');
        }
      }
    },
    thaw,
  };
}
