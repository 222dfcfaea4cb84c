import { execFile, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Estate, startEstate } from '../src/index';
import { claimPorts } from '../src/estate/ports';
import { ask, until } from './prometheus';

const run = promisify(execFile);
const dir = mkdtempSync(join(tmpdir(), 'live-runbooks-estate-'));
const command = (program: string, ...args: string[]) =>
  run(process.execPath, ['--import', 'tsx', program, '--dir', dir, ...args], { timeout: 120_000 });

const ERRORS = (metric: string): string =>
  `sum(rate(${metric}{status=~"5.."}[15s])) / sum(rate(${metric}[15s])) or 0 * sum(rate(${metric}[15s]))`;
const GORAX_ERRORS = ERRORS('gorax_http_requests_total');
const P95 = 'histogram_quantile(0.95, sum by (le) (rate(gorax_http_request_duration_seconds_bucket[15s])))';

/** Processes that this one started, but for the watchdog's shell, which stays for the next server. */
function children(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const parent = Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
        return parent === process.pid && !readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith('/bin/sh');
      } catch {
        return false;
      }
    })
    .map(Number);
}

describe('the estate', () => {
  let estate: Estate;
  let before: number[];
  let prometheus: string;

  beforeAll(async () => {
    before = children();
    estate = await startEstate({ dir, workbench: false });
    prometheus = estate.urls.prometheus;
  });

  afterAll(async () => {
    await estate?.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  it('serves its load without an error', async () => {
    await until(prometheus, 'sum(rate(gorax_http_requests_total[15s]))', (rate) => rate > 10);
    await until(prometheus, 'sum(rate(sql_studio_http_requests_total[15s]))', (rate) => rate > 3);
    expect(await until(prometheus, P95, (seconds) => seconds > 0)).toBeLessThan(10);
    await until(prometheus, 'sum(rate(gorax_workflow_executions_total{status="completed"}[15s]))', (rate) => rate > 2);
    // A start on a busy machine may cost a request or a scrape: what counts is that it passes.
    const none = (count: number) => count === 0;
    await until(prometheus, GORAX_ERRORS, none);
    await until(prometheus, ERRORS('sql_studio_http_requests_total'), none);
    await until(prometheus, 'count(up == 0) or vector(0)', none);
    await until(prometheus, 'count(ALERTS{alertstate="firing"}) or vector(0)', none);
  });

  it('has every series that the architecture names, under its labels', async () => {
    const series: Record<string, readonly string[]> = {
      'gorax_http_requests_total{job="gorax-api"}': ['method', 'path', 'status'],
      'gorax_http_request_duration_seconds_bucket{job="gorax-api"}': ['le', 'path'],
      'gorax_queue_depth{job="gorax-api",queue="default"}': [],
      'gorax_workflow_executions_total{job="gorax-worker"}': ['workflow_id', 'status'],
      'gorax_workflow_execution_duration_seconds_bucket{job="gorax-worker"}': ['workflow_id', 'le'],
      gorax_worker_active_executions: [],
      gorax_worker_concurrency: [],
      'gorax_build_info{job="gorax-api"}': ['version'],
      'gorax_build_info{job="gorax-worker"}': ['version'],
      sql_studio_http_requests_total: ['method', 'endpoint', 'status'],
      sql_studio_http_request_duration_seconds_bucket: ['endpoint', 'le'],
      sql_studio_database_connections_active: [],
      sql_studio_database_connections_max: [],
      sql_studio_database_query_duration_seconds_bucket: ['operation', 'le'],
      sql_studio_auth_attempts_total: ['status'],
      sql_studio_sync_operations_total: ['status'],
      sql_studio_build_info: ['version'],
      'pg_up == 1': [],
      'redis_up == 1': [],
      node_load1: [],
    };
    for (const job of ['gorax-api', 'gorax-worker']) {
      for (const name of ['max_open_connections', 'open_connections', 'in_use_connections', 'idle_connections']) {
        series[`go_sql_${name}{job="${job}"}`] = ['db_name'];
      }
      series[`go_sql_wait_count_total{job="${job}"}`] = ['db_name'];
      series[`go_sql_wait_duration_seconds_total{job="${job}"}`] = ['db_name'];
    }
    for (const [client, ...servers] of [
      ['gorax-api', 'gorax-postgres', 'gorax-redis'],
      ['gorax-worker', 'gorax-postgres', 'gorax-redis'],
      ['sqlstudio-backend', 'sqlstudio-postgres'],
    ]) {
      for (const server of servers) {
        series[`traces_service_graph_request_total{client="${client}",server="${server}"} > 0`] = [];
      }
    }
    for (const job of ['gorax-api', 'gorax-worker', 'sqlstudio-backend']) {
      for (const name of [
        'start_time_seconds',
        'resident_memory_bytes',
        'cpu_seconds_total',
        'scheduling_delay_seconds_total',
      ]) {
        series[`process_${name}{job="${job}"}`] = [];
      }
    }
    for (const name of ['spec_replicas', 'status_replicas_available', 'status_observed_generation']) {
      series[`kube_deployment_${name}{simulated="true"}`] = ['deployment', 'namespace'];
    }
    for (const name of [
      'kube_pod_container_status_restarts_total',
      'container_memory_working_set_bytes',
      'container_spec_memory_limit_bytes',
      'container_cpu_cfs_periods_total',
      'container_cpu_cfs_throttled_periods_total',
    ]) {
      series[`${name}{simulated="true"}`] = ['namespace', 'pod', 'container'];
    }
    const missing: string[] = [];
    for (const [expr, labels] of Object.entries(series)) {
      const found = (await ask(prometheus, expr))[0];
      if (found === undefined || labels.some((label) => found.labels[label] === undefined)) {
        missing.push(`${expr} with ${labels.join(', ')}`);
      }
    }
    expect(missing).toEqual([]);
  });

  it('answers the health endpoints of the guide', async () => {
    const ready = await fetch(`${estate.urls.goraxApi}/ready`);
    expect(await ready.json()).toMatchObject({ status: 'ok', checks: { database: 'healthy', redis: 'healthy' } });
    const worker = await fetch(`${estate.urls.goraxWorker}/health`);
    expect(await worker.json()).toMatchObject({ status: 'ok', worker_info: { concurrency: 8 } });
    for (const path of ['/health/live', '/health/ready']) {
      expect((await fetch(`${estate.urls.goraxWorker}${path}`)).status).toBe(200);
    }
  });

  it('idle-in-transaction: the API fails behind a row lock, and recovers when the session is ended by hand', async () => {
    await estate.inject('idle-in-transaction');
    const again = await estate.inject('idle-in-transaction');
    expect(again.active).toBe(true);
    await until(prometheus, GORAX_ERRORS, (share) => share > 0.3);
    await until(
      prometheus,
      'go_sql_in_use_connections{job="gorax-api"} / go_sql_max_open_connections',
      (share) => share === 1
    );

    const admin = new pg.Client({ connectionString: estate.parts.urlOf('superuser', 'gorax') });
    await admin.connect();
    const holders = await admin.query<{ pid: number }>(
      `SELECT pid FROM pg_stat_activity WHERE state = 'idle in transaction' AND application_name = 'gorax-worker'
       AND pid IN (SELECT unnest(pg_blocking_pids(w.pid)) FROM pg_stat_activity w WHERE w.wait_event_type = 'Lock')`
    );
    expect(holders.rows).toHaveLength(1);
    await admin.query('SELECT pg_terminate_backend($1)', [holders.rows[0]?.pid]);
    await admin.end();

    await until(prometheus, GORAX_ERRORS, (share) => share === 0);
    expect(estate.listFaults().filter(({ active }) => active)).toEqual([]);
    await estate.clearFaults();
  });

  it('workers-stopped: the queue grows, and drains after they are back', async () => {
    await estate.inject('workers-stopped');
    await until(prometheus, 'up{job="gorax-worker"}', (up) => up === 0);
    await until(
      prometheus,
      'kube_deployment_status_replicas_available{deployment="gorax-worker"}',
      (count) => count === 0
    );
    await until(prometheus, 'gorax_queue_depth', (depth) => depth > 20);
    await estate.clearFaults();
    await until(prometheus, 'gorax_queue_depth', (depth) => depth < 3);
  });

  it('redis-oom: Redis refuses writes, and takes them again', async () => {
    await estate.inject('redis-oom');
    await until(prometheus, 'redis_memory_used_bytes / redis_memory_max_bytes', (share) => share > 0.98);
    await until(prometheus, GORAX_ERRORS, (share) => share > 0.05);
    await estate.clearFaults();
    await until(prometheus, GORAX_ERRORS, (share) => share === 0);
  });

  it('refuses faults that there are not, and pages of other sites', async () => {
    await expect(estate.inject('earthquake')).rejects.toThrow(/no fault "earthquake".*idle-in-transaction/);
    const faults = `${estate.urls.control}/faults`;
    expect((await fetch(`${faults}/earthquake`, { method: 'POST' })).status).toBe(404);
    const foreign = await fetch(`${faults}/workers-stopped`, {
      method: 'POST',
      headers: { origin: 'https://example.com' },
    });
    expect(foreign.status).toBe(403);
    expect(estate.listFaults().some(({ active }) => active)).toBe(false);
  });

  it('lists its faults on the command line, each with a runbook and a cause that exist', async () => {
    const { stdout } = await command('demo/src/fault.ts', 'list');
    for (const { name, title, expect: expected } of estate.listFaults()) {
      expect(stdout).toContain(name);
      expect(stdout).toContain(title);
      const runbook = readFileSync(`runbooks/${expected.pack}/${expected.runbook}.yaml`, 'utf8');
      expect(runbook, `${name}: ${expected.runbook} has no cause ${expected.cause}`).toMatch(
        new RegExp(`^  ${expected.cause}:`, 'm')
      );
    }
    expect(estate.listFaults()).toHaveLength(10);
  });

  it('does not start a second time in the same directory', async () => {
    await expect(startEstate({ dir, workbench: false })).rejects.toThrow(/running already \(process \d+/);
  });

  it('leaves no process and no data when it stops', async () => {
    const mine = children().filter((pid) => !before.includes(pid));
    expect(mine.length).toBeGreaterThanOrEqual(9);
    await estate.stop();
    expect(children().filter((pid) => mine.includes(pid))).toEqual([]);
    expect(readdirSync(dir)).toEqual(['logs']);
    await expect(command('demo/src/fault.ts', 'list')).rejects.toThrow(/no estate is running.*npm run demo/);
  });
});

describe('demo/src/main.ts', () => {
  it('says what it starts, ends in order on Ctrl-C, and nothing of it is left', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'live-runbooks-main-'));
    const program = ['--import', 'tsx', 'demo/src/main.ts', '--no-workbench', '--dir', elsewhere];
    // A free block of its own, whatever block another estate was told to use.
    const { DEMO_PORT_BASE: _base, ...env } = process.env;
    const demo = spawn(process.execPath, program, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    demo.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    demo.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const ended = new Promise<number | null>((resolve) => demo.once('exit', resolve));
    await vi.waitUntil(() => said.includes('the estate is ready') || demo.exitCode !== null, {
      timeout: 240_000,
      interval: 100,
    });
    const { ports } = JSON.parse(readFileSync(join(elsewhere, 'estate.json'), 'utf8')) as {
      ports: Record<string, number>;
    };
    demo.kill('SIGINT');
    expect(await ended, said).toBe(0);
    expect(said).toMatch(/\[ +\d+\.\d s\] Postgres on \d+.*stopped; nothing is left running/s);
    const again = await claimPorts(Math.min(...Object.values(ports)));
    expect(again.ports).toEqual(ports);
    await again.release();
    expect(readdirSync(elsewhere)).toEqual(['logs']);
    rmSync(elsewhere, { recursive: true, force: true });
  });
});

describe('ports', () => {
  /** A block that nobody uses, away from where estates look for one. */
  async function freeBase(): Promise<number> {
    for (;;) {
      const base = 20_000 + 20 * Math.floor(Math.random() * 500);
      const claimed = await claimPorts(base).catch(() => undefined);
      if (claimed) {
        await claimed.release();
        return base;
      }
    }
  }

  it('names the port that is taken, and what to set', async () => {
    const base = await freeBase();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(base + 2, '127.0.0.1', resolve));
    await expect(claimPorts(base)).rejects.toThrow(
      new RegExp(`port ${base + 2} \\(prometheus\\) is in use.*DEMO_PORT_BASE`)
    );
    server.close();
  });

  it('gives a block to one estate only, also before its servers listen', async () => {
    const first = await claimPorts();
    const second = await claimPorts();
    expect(second.ports.workbench).not.toBe(first.ports.workbench);
    await expect(claimPorts(first.ports.workbench)).rejects.toThrow(/another estate/);
    await Promise.all([first.release(), second.release()]);
  });

  it('refuses what is not a port', async () => {
    await expect(claimPorts(Number('x'))).rejects.toThrow(/DEMO_PORT_BASE/);
    await expect(claimPorts(80)).rejects.toThrow(/DEMO_PORT_BASE/);
  });
});
