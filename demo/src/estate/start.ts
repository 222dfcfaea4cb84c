/**
 * Starts the estate: servers, applications, load, Prometheus and exporters, the diagnostics service, the workbench.
 * Everything is a child of this process, and ends with it however it ends (see servers/watchdog.ts).
 */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { join, resolve } from 'node:path';
import { type Fault, faultsOf } from '../faults';
import { serveKubernetes } from '../kubernetes/simulator';
import { type PostgresServer, type RunningProcess, startPostgres } from '../servers';
import { type FaultBoard, type FaultState, serveControl } from './control';
import { type Passwords, fillDatabases, urlFor } from './databases';
import { type Deployment, type DeploymentOptions, type DeploymentState, deployment } from './deployment';
import { startDiagnostics } from './diagnostics';
import type { ApplicationName, EstateParts } from './estate';
import { startProgram } from './nodeProcess';
import { type Ports, claimPorts } from './ports';
import { startExporters, startPrometheus } from './prometheus';
import { DEFAULT_DIR, type EstateRecord, readRecord, removeRecord, writeRecord } from './record';
import { startEstateRedis } from './redis';
import { generateRules } from './rules';
import { startWorkbench } from './workbench';

interface EstateOptions {
  /** First of a block of ports; without it the first free block from 13000. */
  readonly portBase?: number;
  /** Data, logs and the record of the estate; emptied first. Default `.demo` of the repository. */
  readonly dir?: string;
  /** Default true. */
  readonly workbench?: boolean;
  /** Default true; without it no port listens there and Prometheus shows the job as down. */
  readonly diagnostics?: boolean;
  /** Rows of workflow_executions. Default 300,000; fewer make `missing-index` harmless. */
  readonly executions?: number;
  /** Requests a second to gorax-api and to sqlstudio-backend. Default 24 and 8. */
  readonly load?: { readonly gorax: number; readonly sqlstudio: number };
  /** Told what starts and what is ready. */
  readonly progress?: (line: string) => void;
}

export interface Estate {
  readonly ports: Ports;
  readonly urls: EstateRecord['urls'];
  /** Bearer token of the diagnostics service. */
  readonly diagnosticsToken: string;
  readonly parts: EstateParts;
  readonly faults: readonly Fault[];
  listFaults(): FaultState[];
  inject(name: string): Promise<FaultState>;
  clearFaults(): Promise<void>;
  deployments(): DeploymentState[];
  /** Ends everything and removes the data; the logs stay. */
  stop(): Promise<void>;
}

/** Leaves the logs of the last run out of the way, and nothing else of it. */
function emptied(dir: string): string {
  const running = readRecord(dir);
  if (running !== undefined) {
    throw new Error(
      `an estate is running already (process ${running.pid}, ${running.urls.workbench ?? running.urls.control}); stop it with Ctrl-C there, or use another directory: --dir <path>`
    );
  }
  mkdirSync(dir, { recursive: true });
  for (const name of readdirSync(dir)) {
    if (['estate.json', 'logs', 'postgres', 'redis', 'prometheus', 'rules'].includes(name)) {
      rmSync(join(dir, name), { recursive: true, force: true });
    }
  }
  mkdirSync(join(dir, 'logs'));
  return dir;
}

const close = (server: Server): Promise<void> =>
  new Promise((done) => {
    server.close(() => done());
    server.closeAllConnections();
  });

/** Does all of it at once. Errors: the first one, once everything has either started or failed. */
async function together(work: ReadonlyArray<() => Promise<void>>): Promise<void> {
  const results = await Promise.allSettled(work.map((each) => each()));
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) {
    throw failed.reason;
  }
}

/** Resolves when everything answers. When a part does not start, what did start is ended and the error says why. */
export async function startEstate(options: EstateOptions = {}): Promise<Estate> {
  const progress = options.progress ?? (() => undefined);
  const dir = emptied(resolve(options.dir ?? DEFAULT_DIR));
  const { ports, release } = await claimPorts(options.portBase);
  const logFile = (name: string): string => join(dir, 'logs', `${name}.log`);
  const secret = (): string => randomBytes(18).toString('base64url');
  const passwords: Passwords = {
    gorax: secret(),
    sqlstudio: secret(),
    reporting: secret(),
    exporter: secret(),
    diagnostics: secret(),
  };
  const diagnosticsToken = secret();

  /** What was started, in order; it ends in the opposite one. */
  const ends: Array<() => Promise<void>> = [release];
  const started = <T extends RunningProcess>(process: T): T => {
    ends.push(() => process.stop(undefined, 5000));
    return process;
  };
  const stop = async (): Promise<void> => {
    removeRecord(dir);
    for (const end of ends.splice(0).reverse()) {
      await end().catch(() => undefined);
    }
    for (const name of ['postgres', 'redis', 'prometheus', 'rules']) {
      rmSync(join(dir, name), { recursive: true, force: true });
    }
  };

  try {
    const rules = generateRules(join(dir, 'rules'), ports, logFile('rules'));
    // A rejection is met at the await below; until then it must not end the process.
    rules.catch(() => undefined);
    const [postgres, redis] = await Promise.all([startServer(), startEstateRedis(ports.redis, join(dir, 'redis'))]);
    ends.push(
      () => postgres.dispose(),
      () => redis.dispose()
    );
    progress(`Postgres on ${ports.postgres}, Redis on ${ports.redis}`);
    const executions = options.executions ?? 300_000;
    await fillDatabases(postgres.superuserUrl, passwords, executions);
    progress(`databases gorax and sqlstudio filled (${executions.toLocaleString('en')} executions)`);

    const redisUrl = `redis://127.0.0.1:${ports.redis}`;
    const applications = applicationsOf(ports, postgres, redisUrl, passwords, logFile);
    const all = Object.values(applications);
    ends.push(async () => {
      await Promise.all(all.map((each) => each.stop()));
    });
    const deployments = (): DeploymentState[] => all.map((each) => each.state());
    const kubernetes = await serveKubernetes(ports.kubernetes, deployments);
    ends.push(() => close(kubernetes));

    const load = options.load ?? { gorax: 24, sqlstudio: 8 };
    const rulesDir = await rules;
    await together([
      async () => {
        const exporters = startExporters({
          ports,
          postgresUrl: urlFor(postgres.superuserUrl, 'gorax', 'exporter', passwords.exporter),
          logFile,
        });
        (await exporters).forEach(started);
      },
      async () => {
        const dirs = { dir: join(dir, 'prometheus'), rules: rulesDir };
        started(await startPrometheus({ ...dirs, ports, diagnosticsToken, logFile: logFile('prometheus') }));
        progress(`Prometheus on ${ports.prometheus}, with the alert rules of the packs`);
      },
      async () => {
        await together(all.map((each) => () => each.start()));
        progress('gorax-api, gorax-worker and sqlstudio-backend run');
        started(
          await startProgram({
            name: 'load',
            program: 'demo/src/load/main.ts',
            logFile: logFile('load'),
            env: {
              GORAX_URL: `http://127.0.0.1:${ports.goraxApi}`,
              SQLSTUDIO_URL: `http://127.0.0.1:${ports.sqlstudioBackend}`,
              GORAX_RATE: String(load.gorax),
              SQLSTUDIO_RATE: String(load.sqlstudio),
            },
          })
        );
      },
      async () => {
        if (options.diagnostics !== false) {
          const { diagnostics: password } = passwords;
          started(
            await startDiagnostics({ ports, token: diagnosticsToken, password, logFile: logFile('diagnostics') })
          );
          progress(`diagnostics service on ${ports.diagnostics}`);
        }
      },
      async () => {
        if (options.workbench !== false) {
          started(await startWorkbench({ ports, token: diagnosticsToken, logFile: logFile('workbench') }));
          progress(`workbench on ${ports.workbench}`);
        }
      },
    ]);

    const parts: EstateParts = {
      ports,
      postgres,
      redis,
      redisUrl,
      applications,
      urlOf: (role, database) =>
        role === 'superuser'
          ? urlFor(postgres.superuserUrl, database)
          : urlFor(postgres.superuserUrl, database, role, passwords[role]),
    };
    const faults = faultsOf(parts);
    const local = (port: number): string => `http://127.0.0.1:${port}`;
    const urls: EstateRecord['urls'] = {
      control: local(ports.control),
      prometheus: local(ports.prometheus),
      diagnostics: local(ports.diagnostics),
      goraxApi: local(ports.goraxApi),
      goraxWorker: local(ports.goraxWorker),
      sqlstudioBackend: local(ports.sqlstudioBackend),
      kubernetes: local(ports.kubernetes),
      ...(options.workbench === false ? {} : { workbench: local(ports.workbench) }),
    };
    const record: EstateRecord = { pid: process.pid, startedAt: new Date().toISOString(), ports, urls };
    const control = await serveControl({
      port: ports.control,
      faults,
      estate: () => ({ ...record, deployments: deployments() }),
    });
    ends.push(() => close(control.server));
    const board: FaultBoard = control.board;
    // Before the servers end, what the faults hold is given back.
    ends.push(() => board.clear());

    writeRecord(dir, record);
    return {
      ports,
      urls,
      diagnosticsToken,
      parts,
      faults,
      listFaults: () => board.list(),
      inject: (name) => board.inject(name),
      clearFaults: () => board.clear(),
      deployments,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }

  function startServer(): Promise<PostgresServer> {
    return startPostgres({
      port: ports.postgres,
      dir: join(dir, 'postgres'),
      settings: {
        max_connections: '60',
        shared_preload_libraries: 'pg_stat_statements',
        shared_buffers: '256MB',
        max_wal_size: '2GB',
        autovacuum_naptime: '15s',
        max_parallel_workers_per_gather: '0',
        log_lock_waits: 'on',
        track_io_timing: 'on',
      },
    });
  }
}

function applicationsOf(
  ports: Ports,
  postgres: PostgresServer,
  redisUrl: string,
  passwords: Passwords,
  logFile: (name: string) => string
): Record<ApplicationName, Deployment> {
  const gorax = {
    DATABASE_URL: urlFor(postgres.superuserUrl, 'gorax', 'gorax', passwords.gorax),
    DATABASE_SERVICE: 'gorax-postgres',
    REDIS_URL: redisUrl,
    REDIS_SERVICE: 'gorax-redis',
  };
  const sqlstudio = {
    DATABASE_URL: urlFor(postgres.superuserUrl, 'sqlstudio', 'sqlstudio', passwords.sqlstudio),
    DATABASE_SERVICE: 'sqlstudio-postgres',
  };
  const one = (
    name: ApplicationName,
    rest: Pick<DeploymentOptions, 'deployment' | 'namespace' | 'version' | 'port' | 'env'>
  ): Deployment =>
    deployment({ name, program: `demo/src/${name}/main.ts`, health: '/health', logFile: logFile(name), ...rest });
  return {
    'gorax-api': one('gorax-api', { namespace: 'default', version: '1.4.2', port: ports.goraxApi, env: gorax }),
    'gorax-worker': one('gorax-worker', {
      namespace: 'default',
      version: '1.4.2',
      port: ports.goraxWorker,
      env: gorax,
    }),
    'sqlstudio-backend': one('sqlstudio-backend', {
      deployment: 'sql-studio-backend',
      namespace: 'sql-studio',
      version: '0.9.1',
      port: ports.sqlstudioBackend,
      env: sqlstudio,
    }),
  };
}
