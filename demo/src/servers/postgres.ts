/**
 * A real PostgreSQL server on loopback, for the demo estate and for tests. No unix socket; the superuser has a random
 * password. As root the server runs as the user `postgres`, which PostgreSQL insists on.
 */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chownSync, existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { serverDirectory } from './directory';
import { freePort, launchOn } from './ports';
import { type RunningProcess, childPids, startProcess } from './process';

export interface PostgresOptions {
  /** Kept after `dispose`. Without it (or when the user `postgres` cannot reach it) the data is temporary. */
  readonly dir?: string;
  readonly port?: number;
  /** Directory of `postgres` and `initdb`; default: the newest that is installed. */
  readonly bin?: string;
  /** Pages carry checksums from the start, as initdb of 18 makes them by itself. Default: as that version does. */
  readonly checksums?: boolean;
  /** postgresql.conf settings; `ALTER SYSTEM` still overrides them. Tests may turn fsync off here, nobody else. */
  readonly settings?: Readonly<Record<string, string>>;
  /** pg_hba.conf lines after the superuser's own. Default: every role by password from 127.0.0.1. */
  readonly hba?: readonly string[];
}

export type StopMode = 'smart' | 'fast' | 'immediate';

export interface PostgresServer {
  readonly host: string;
  readonly port: number;
  /** `postgres://postgres:<password>@127.0.0.1:<port>/postgres` */
  readonly superuserUrl: string;
  readonly dataDir: string;
  readonly logFile: string;
  /** Pid of the postmaster. */
  readonly pid: number;
  running(): boolean;
  /** Stops the server and keeps its data, so that `start` can follow. `smart` waits for clients; after 15 s it is killed. */
  stop(mode?: StopMode): Promise<void>;
  start(): Promise<void>;
  restart(): Promise<void>;
  /** Asks to stop and does not wait: with `smart` and a client connected the server stays "shutting down". */
  beginStop(mode: StopMode): void;
  /** SIGSTOP: the whole server, or only the postmaster (open sessions work on, new ones hang). */
  freeze(options?: { readonly postmasterOnly?: boolean }): void;
  thaw(): void;
  /** Pids of the client sessions, read from the process table: works while the server is frozen or full. */
  backendPids(): number[];
  /** Stops and removes temporary data. Left out, both happen when this process ends. */
  dispose(): Promise<void>;
}

const SIGNALS = { smart: 'SIGTERM', fast: 'SIGINT', immediate: 'SIGQUIT' } as const;

/** The directory of the newest installed PostgreSQL that has `postgres` and `initdb`. */
function postgresBinaries(): string {
  const root = '/usr/lib/postgresql';
  const versions = existsSync(root) ? readdirSync(root).sort((a, b) => Number(b) - Number(a)) : [];
  for (const version of versions) {
    const bin = join(root, version, 'bin');
    if (existsSync(join(bin, 'postgres')) && existsSync(join(bin, 'initdb'))) {
      return bin;
    }
  }
  throw new Error(
    'PostgreSQL is not installed (no /usr/lib/postgresql/*/bin/postgres). Run: apt-get install postgresql'
  );
}

const quoted = (value: string): string => `'${value.replace(/'/g, "''")}'`;

/** Starts a server and resolves when it accepts connections. Errors carry the tail of the server's log. */
export async function startPostgres(options: PostgresOptions = {}): Promise<PostgresServer> {
  const bin = options.bin ?? postgresBinaries();
  const runAs = process.getuid?.() === 0 ? { user: 'postgres' } : undefined;
  const directory = serverDirectory('postgres', options.dir, runAs?.user);
  const dataDir = join(directory.path, 'data');
  const logFile = join(directory.path, 'postgres.log');
  const passwordFile = join(directory.path, 'superuser.password');

  if (!existsSync(join(dataDir, 'PG_VERSION'))) {
    writeFileSync(passwordFile, randomBytes(18).toString('base64url'), { mode: 0o600 });
    const owner = statSync(directory.path);
    chownSync(passwordFile, owner.uid, owner.gid);
    const initdb = [
      join(bin, 'initdb'),
      ...['-D', dataDir, '-U', 'postgres', '-E', 'UTF8', '--locale=C', '--no-sync'],
      ...['-A', 'scram-sha-256', `--pwfile=${passwordFile}`],
      ...(options.checksums === true ? ['--data-checksums'] : []),
    ];
    const as = runAs ? ['setpriv', '--reuid=postgres', '--regid=postgres', '--init-groups', '--'] : [];
    const [command = '', ...args] = [...as, ...initdb];
    try {
      execFileSync(command, args, { cwd: directory.path, stdio: ['ignore', 'ignore', 'pipe'], encoding: 'utf8' });
    } catch (error) {
      const said = (error as { stderr?: string }).stderr ?? '';
      throw new Error(`initdb failed: ${said.trim() || (error as Error).message}`);
    }
    const main = join(dataDir, 'postgresql.conf');
    writeFileSync(main, `${readFileSync(main, 'utf8')}\ninclude_if_exists = 'live-runbooks.conf'\n`);
  }
  const password = readFileSync(passwordFile, 'utf8');

  const host = '127.0.0.1';
  let port = options.port ?? (await freePort());
  let running: RunningProcess | undefined;

  const current = (): RunningProcess => {
    if (running === undefined) {
      throw new Error('the Postgres server was never started');
    }
    return running;
  };
  const urlOf = (): string => `postgres://postgres:${password}@${host}:${port}/postgres`;

  const configure = (): void => {
    const settings: Record<string, string> = {
      listen_addresses: host,
      unix_socket_directories: '',
      shared_buffers: '64MB',
      log_line_prefix: '%m [%p] %q%a %u@%d ',
      ...options.settings,
    };
    const lines = Object.entries(settings).map(([name, value]) => `${name} = ${quoted(value)}`);
    writeFileSync(join(dataDir, 'live-runbooks.conf'), `${lines.join('\n')}\n`);
    const hba = options.hba ?? [
      'host all all 127.0.0.1/32 scram-sha-256',
      'host replication all 127.0.0.1/32 scram-sha-256',
    ];
    writeFileSync(join(dataDir, 'pg_hba.conf'), `host all postgres 127.0.0.1/32 scram-sha-256\n${hba.join('\n')}\n`);
  };

  const accepts = async (): Promise<boolean> => {
    const client = new pg.Client({ connectionString: urlOf(), connectionTimeoutMillis: 10_000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return true;
    } finally {
      await client.end().catch(() => undefined);
    }
  };

  const launch = async (): Promise<void> => {
    configure();
    await launchOn(port, options.port, async (on) => {
      port = on;
      running = await startProcess({
        name: 'postgres',
        command: join(bin, 'postgres'),
        args: ['-D', dataDir, '-p', String(port)],
        cwd: directory.path,
        // Messages and sort order must not depend on the machine.
        env: { ...process.env, LC_ALL: 'C' },
        logFile,
        stopSignal: 'SIGQUIT',
        runAs,
      });
      try {
        await running.waitUntil('accepting connections', accepts, 240_000);
      } catch (error) {
        await running.stop('SIGQUIT', 2000);
        throw error;
      }
    });
  };

  const stop = (mode: StopMode = 'fast'): Promise<void> => current().stop(SIGNALS[mode], 15_000);

  try {
    await launch();
  } catch (error) {
    directory.remove();
    throw error;
  }

  return {
    host,
    get port() {
      return port;
    },
    get superuserUrl() {
      return urlOf();
    },
    dataDir,
    logFile,
    get pid() {
      return current().pid;
    },
    running: () => current().running(),
    stop,
    async start() {
      if (!current().running()) {
        rmSync(join(dataDir, 'postmaster.pid'), { force: true });
        await launch();
      }
    },
    async restart() {
      await stop('fast');
      await launch();
    },
    beginStop(mode) {
      process.kill(current().pid, SIGNALS[mode]);
    },
    freeze({ postmasterOnly = false } = {}) {
      current().freeze(postmasterOnly ? 'self' : undefined);
    },
    thaw: () => current().thaw(),
    backendPids: () =>
      childPids(current().pid).filter((pid) => {
        try {
          // A session's title is "postgres: <user> <database> <address>(<port>) <activity>".
          return /^postgres: .*\(\d+\) /.test(readFileSync(`/proc/${pid}/cmdline`, 'utf8').replace(/\0/g, ' '));
        } catch {
          return false;
        }
      }),
    async dispose() {
      await stop('fast');
      directory.remove();
    },
  };
}
