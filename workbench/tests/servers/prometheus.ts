import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

interface Options {
  /** OpenMetrics with timestamps; put into the server's storage before it starts. */
  past: string;
  /** Rule groups, YAML. */
  rules?: string;
}

export interface RunningServer {
  url: string;
  stop: () => Promise<void>;
}

const READY_WITHIN_MS = 20_000;

/** Starts Debian's Prometheus in a folder of its own on a free port, with samples at the times that a test needs. */
export async function startPrometheus({ past, rules }: Options): Promise<RunningServer> {
  const folder = mkdtempSync(path.join(tmpdir(), 'workbench-prometheus-'));
  const data = path.join(folder, 'data');
  writeFileSync(path.join(folder, 'past.txt'), past);
  execFileSync('promtool', ['tsdb', 'create-blocks-from', 'openmetrics', path.join(folder, 'past.txt'), data], {
    stdio: 'pipe',
  });
  const ruleFiles = rules ? 'rule_files: [rules.yml]\n' : '';
  writeFileSync(path.join(folder, 'rules.yml'), rules ?? 'groups: []\n');
  writeFileSync(path.join(folder, 'prometheus.yml'), `global: { evaluation_interval: 1s }\n${ruleFiles}`);
  const port = await freePort();
  const server = spawn(
    'prometheus',
    [
      `--config.file=${path.join(folder, 'prometheus.yml')}`,
      `--storage.tsdb.path=${data}`,
      '--storage.tsdb.retention.time=100y',
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: 'ignore' }
  );
  const url = `http://127.0.0.1:${port}`;
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const stop = async () => {
    server.kill('SIGTERM');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await until(async () => (await fetch(`${url}/-/ready`)).ok, READY_WITHIN_MS);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, stop };
}

/** Waits until the condition holds; a condition that throws does not hold yet. */
export async function until(condition: () => Promise<boolean>, withinMs = 120_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const holds = await condition().catch(() => false);
    if (holds) {
      return;
    }
    if (Date.now() > deadline) {
      throw new Error(`not within ${withinMs} ms: ${condition.toString()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** A port that nothing listens on. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });
}
