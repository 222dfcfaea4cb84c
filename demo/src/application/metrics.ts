/** The metrics that every application process has, under the names of client_golang and of the guides. */
import { Counter, Gauge, Registry, collectDefaultMetrics } from 'prom-client';
import type { ConnectionPool } from './connectionPool';

/** The default buckets of client_golang, in seconds, and 2 s, where the Gorax guide draws its line. */
export const LATENCY_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 2.5, 5, 10];

/** `process_*` and `<prefix>_build_info{version}`; what is particular to Node is left out, as the guides' services are in Go. */
export function processMetrics(prefix: string, version: string): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const name of registry.getMetricsAsArray().map((metric) => metric.name)) {
    if (name.startsWith('nodejs_')) {
      registry.removeSingleMetric(name);
    }
  }
  countSchedulingDelay(registry);
  new Gauge({
    name: `${prefix}_build_info`,
    help: 'Always 1, labelled with the running version',
    labelNames: ['version'],
    registers: [registry],
  }).set({ version }, 1);
  return registry;
}

/** How often the process looks whether it runs on time. Milliseconds. */
const LOOK_EVERY_MS = 50;

/**
 * Seconds by which a timer of the process fired late, added up: its rate is the share of the time in which the process was
 * due to run and did not, because it was not given the CPU or because its one thread was busy.
 */
function countSchedulingDelay(registry: Registry): void {
  const delay = new Counter({
    name: 'process_scheduling_delay_seconds_total',
    help: 'Seconds by which the process ran behind its own timers',
    registers: [registry],
  });
  let due = performance.now() + LOOK_EVERY_MS;
  const look = (): void => {
    const now = performance.now();
    delay.inc(Math.max(0, now - due) / 1000);
    due = now + LOOK_EVERY_MS;
    setTimeout(look, LOOK_EVERY_MS).unref();
  };
  setTimeout(look, LOOK_EVERY_MS).unref();
}

/** The `go_sql_*` metrics of client_golang's DBStats collector, read from a pool. */
export function poolMetrics(registry: Registry, pool: ConnectionPool, database: string): void {
  const labelNames = ['db_name'];
  const labels = { db_name: database };
  const registers = [registry];
  const gauge = (name: string, help: string, read: () => number): void => {
    new Gauge({
      name,
      help,
      labelNames,
      registers,
      collect() {
        this.set(labels, read());
      },
    });
  };
  const counter = (name: string, help: string, read: () => number): void => {
    new Counter({
      name,
      help,
      labelNames,
      registers,
      collect() {
        this.reset();
        this.inc(labels, read());
      },
    });
  };
  gauge('go_sql_max_open_connections', 'Maximum number of open connections to the database', () => pool.counts().max);
  gauge('go_sql_open_connections', 'Established connections, in use and idle', () => pool.counts().open);
  gauge('go_sql_in_use_connections', 'Connections in use', () => pool.counts().inUse);
  gauge('go_sql_idle_connections', 'Idle connections', () => pool.counts().idle);
  counter('go_sql_wait_count_total', 'Connections waited for', () => pool.counts().waits);
  counter(
    'go_sql_wait_duration_seconds_total',
    'Time blocked waiting for a connection',
    () => pool.counts().waitSeconds
  );
}
