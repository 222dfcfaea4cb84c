/** Prometheus and the exporters, as installed from Debian, on the estate's ports. */
import { copyFileSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { type RunningProcess, startProcess } from '../servers';
import { untilAnswers } from './nodeProcess';
import type { Ports } from './ports';
import { REPOSITORY } from './record';

/** What is scraped natively: job → address and the labels of a pod. */
function targets(ports: Ports): Record<string, { port: number; labels?: Record<string, string> }> {
  return {
    'gorax-api': { port: ports.goraxApi, labels: { namespace: 'default' } },
    'gorax-worker': { port: ports.goraxWorker, labels: { namespace: 'default' } },
    'sqlstudio-backend': { port: ports.sqlstudioBackend, labels: { namespace: 'sql-studio' } },
    postgres: { port: ports.postgresExporter },
    redis: { port: ports.redisExporter },
    node: { port: ports.nodeExporter },
    diagnostics: { port: ports.diagnostics },
    kubernetes: { port: ports.kubernetes },
  };
}

interface PrometheusOptions {
  readonly dir: string;
  readonly ports: Ports;
  /** Bearer token of the diagnostics service, whose metrics are not public. */
  readonly diagnosticsToken: string;
  /** Directory of rule files. */
  readonly rules: string;
  readonly logFile: string;
}

/** Starts Prometheus on the repository's own configuration, with target files that point at loopback. */
export async function startPrometheus({
  dir,
  ports,
  diagnosticsToken,
  rules,
  logFile,
}: PrometheusOptions): Promise<RunningProcess> {
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(join(dir, 'targets'), { recursive: true });
  mkdirSync(join(dir, 'rules'));
  copyFileSync(join(REPOSITORY, 'demo', 'config', 'prometheus.yml'), join(dir, 'prometheus.yml'));
  for (const [job, { port, labels }] of Object.entries(targets(ports))) {
    writeFileSync(
      join(dir, 'targets', `${job}.yml`),
      stringify([{ targets: [`127.0.0.1:${port}`], labels: labels ?? {} }])
    );
  }
  writeFileSync(join(dir, 'targets', 'alertmanager.yml'), '[]\n');
  writeFileSync(join(dir, 'diagnostics.token'), diagnosticsToken, { mode: 0o600 });
  for (const file of readdirSync(rules)) {
    copyFileSync(join(rules, file), join(dir, 'rules', file));
  }
  const prometheus = await startProcess({
    name: 'prometheus',
    command: 'prometheus',
    args: [
      `--config.file=${join(dir, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(dir, 'data')}`,
      `--web.listen-address=127.0.0.1:${ports.prometheus}`,
      '--storage.tsdb.retention.time=12h',
      '--log.level=warn',
    ],
    cwd: dir,
    logFile,
  });
  await untilAnswers(prometheus, `http://127.0.0.1:${ports.prometheus}/-/ready`);
  return prometheus;
}

interface ExporterOptions {
  readonly ports: Ports;
  /** URL of the exporter's role on the Gorax database. */
  readonly postgresUrl: string;
  readonly logFile: (name: string) => string;
}

/** The exporters of Postgres, Redis and the machine. They start whether or not what they watch is up. */
export function startExporters({ ports, postgresUrl, logFile }: ExporterOptions): Promise<RunningProcess[]> {
  const dataSource = new URL(postgresUrl);
  dataSource.searchParams.set('sslmode', 'disable');
  dataSource.searchParams.set('application_name', 'postgres-exporter');
  return Promise.all([
    startProcess({
      name: 'prometheus-postgres-exporter',
      command: 'prometheus-postgres-exporter',
      args: [`--web.listen-address=127.0.0.1:${ports.postgresExporter}`, '--log.level=error'],
      env: { ...process.env, DATA_SOURCE_NAME: dataSource.toString() },
      logFile: logFile('postgres-exporter'),
    }),
    startProcess({
      name: 'prometheus-redis-exporter',
      command: 'prometheus-redis-exporter',
      args: [
        `-web.listen-address=127.0.0.1:${ports.redisExporter}`,
        `-redis.addr=redis://127.0.0.1:${ports.redis}`,
        '-include-system-metrics=false',
      ],
      logFile: logFile('redis-exporter'),
    }),
    startProcess({
      name: 'prometheus-node-exporter',
      command: 'prometheus-node-exporter',
      args: [
        `--web.listen-address=127.0.0.1:${ports.nodeExporter}`,
        '--collector.disable-defaults',
        ...['cpu', 'meminfo', 'loadavg', 'filesystem', 'diskstats', 'uname', 'time', 'pressure'].map(
          (name) => `--collector.${name}`
        ),
        '--log.level=error',
      ],
      logFile: logFile('node-exporter'),
    }),
  ]);
}
