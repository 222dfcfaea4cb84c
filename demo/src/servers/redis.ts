/** A real Redis server on loopback, for the demo estate and for tests. */
import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { serverDirectory } from './directory';
import { freePort, launchOn } from './ports';
import { type RunningProcess, startProcess } from './process';

export interface RedisOptions {
  /** Kept after `dispose`; without it the data is temporary. */
  readonly dir?: string;
  readonly port?: number;
  /** redis.conf: a list gives several lines of the same directive (`user`, `save`). */
  readonly config?: Readonly<Record<string, string | readonly string[]>>;
  /** The program: `redis-server`, or what REDIS_SERVER names (a Valkey). */
  readonly command?: string;
  /** `listening` also accepts a server that still loads its data. Default `ready`. */
  readonly until?: 'ready' | 'listening';
}

export interface RedisServer {
  readonly host: string;
  readonly port: number;
  readonly pid: number;
  readonly dir: string;
  readonly logFile: string;
  running(): boolean;
  /** Stops the server and keeps its directory, so that `start` can follow. */
  stop(): Promise<void>;
  start(until?: 'ready' | 'listening'): Promise<void>;
  restart(): Promise<void>;
  freeze(): void;
  thaw(): void;
  /** Stops and removes temporary data. Left out, both happen when this process ends. */
  dispose(): Promise<void>;
}

/** The first line that the server answers to PING, without a client library: it answers before anyone may log in. */
function ping(host: string, port: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port }, () => socket.write('PING\r\n'));
    socket.setTimeout(10_000, () => socket.destroy(new Error('no answer to PING within 10 s')));
    socket.once('error', reject);
    socket.once('data', (data) => {
      resolve(data.toString('latin1').split('\r\n')[0] ?? '');
      socket.destroy();
    });
    socket.once('close', () => reject(new Error('the connection was closed before an answer to PING')));
  });
}

const configText = (config: Readonly<Record<string, string | readonly string[]>>): string =>
  Object.entries(config)
    .flatMap(([name, value]) => (typeof value === 'string' ? [value] : value).map((each) => `${name} ${each}`))
    .join('\n');

/** Starts a server and resolves when it answers. Errors carry the tail of the server's log. */
export async function startRedis(options: RedisOptions = {}): Promise<RedisServer> {
  const directory = serverDirectory('redis', options.dir);
  const host = '127.0.0.1';
  const logFile = join(directory.path, 'redis.log');
  const configFile = join(directory.path, 'redis.conf');
  let port = options.port ?? (await freePort());
  let running: RunningProcess | undefined;

  const current = (): RunningProcess => {
    if (running === undefined) {
      throw new Error('the Redis server was never started');
    }
    return running;
  };

  const launch = (until: 'ready' | 'listening'): Promise<void> =>
    launchOn(port, options.port, async (on) => {
      port = on;
      const base = { bind: host, port: String(port), dir: directory.path, save: '""', appendonly: 'no' };
      // Passwords may be in here.
      writeFileSync(configFile, `${configText({ ...base, ...options.config })}\n`, { mode: 0o600 });
      running = await startProcess({
        name: 'redis-server',
        command: options.command ?? process.env.REDIS_SERVER ?? 'redis-server',
        args: [configFile],
        cwd: directory.path,
        logFile,
      });
      const answers = async (): Promise<boolean> => {
        const line = await ping(host, port);
        return until === 'listening' ? line !== '' : line !== '' && !line.startsWith('-LOADING');
      };
      try {
        await running.waitUntil('answering PING', answers, 240_000);
      } catch (error) {
        await running.stop('SIGKILL', 2000);
        throw error;
      }
    });

  const stop = (): Promise<void> => current().stop('SIGTERM', 3000);

  try {
    await launch(options.until ?? 'ready');
  } catch (error) {
    directory.remove();
    throw error;
  }

  return {
    host,
    get port() {
      return port;
    },
    get pid() {
      return current().pid;
    },
    dir: directory.path,
    logFile,
    running: () => current().running(),
    stop,
    async start(until = 'ready') {
      if (!current().running()) {
        await launch(until);
      }
    },
    async restart() {
      await stop();
      await launch('ready');
    },
    freeze: () => current().freeze(),
    thaw: () => current().thaw(),
    async dispose() {
      await stop();
      directory.remove();
    },
  };
}
