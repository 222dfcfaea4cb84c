/** The service as it is shipped, in a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import type { Round } from '../../diagnostics/src/model/round';
import { postgresChecks } from '../../diagnostics/src/postgres/checks';
import { TOKEN } from '../../diagnostics/tests/rig/secrets';

const root = fileURLToPath(new URL('../..', import.meta.url));
/** The shortest that a configuration may have. */
const INTERVAL_MS = 500;

/** Checks that are asked seldom are told to be asked in every round: the peers, too, ask everything each time. */
export const everything: Readonly<Record<string, object>> = {
  ...Object.fromEntries(
    postgresChecks
      .filter((check) => 'everySeconds' in check.options.shape)
      .map((check) => [check.id, { everySeconds: 0 }])
  ),
  'postgres.index_use': { compareSeconds: 0 },
};

/** A service in a process of its own. */
export class Running {
  private constructor(
    readonly child: ChildProcess,
    private readonly port: number
  ) {}

  /** `pace`: `intervalMs` and `backgroundSeconds`; by default every request is a round, and nothing else. */
  static async start(
    command: readonly string[],
    directory: string,
    targets: readonly object[],
    pace: object = { intervalMs: INTERVAL_MS, backgroundSeconds: 0 }
  ): Promise<Running> {
    const port = 20_000 + Math.floor(Math.random() * 20_000);
    const file = join(directory, `service-${port}.yaml`);
    const state = { directory: join(directory, `state-${port}`) };
    const log = { level: 'error' };
    writeFileSync(file, stringify({ listen: { port }, token: TOKEN, log, state, targets, ...pace }), { mode: 0o600 });
    const child = spawn(process.execPath, [...command, '--config', file], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
    });
    const running = new Running(child, port);
    const deadline = performance.now() + 30_000;
    for (;;) {
      const up = await fetch(`http://127.0.0.1:${port}/healthz`).catch(() => undefined);
      if (up?.ok === true) {
        return running;
      }
      if (performance.now() > deadline || child.exitCode !== null) {
        child.kill('SIGKILL');
        throw new Error(`the service did not start: ${command.join(' ')}`);
      }
      await pause(100);
    }
  }

  /** A round taken now, and how long the answer took to arrive: the last one is let grow old first. */
  async round(target: string): Promise<{ round: Round; took: number }> {
    await pause(INTERVAL_MS + 50);
    const startedAt = performance.now();
    const response = await fetch(`http://127.0.0.1:${this.port}/v1/targets/${target}/round`, {
      headers: { authorization: `Bearer ${TOKEN}` },
    });
    const round = (await response.json()) as Round;
    return { round, took: performance.now() - startedAt };
  }

  /** Resident bytes of the process. */
  rss(): number {
    return Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${this.child.pid}/status`, 'utf8'))?.[1]) * 1024;
  }

  async stop(): Promise<void> {
    const gone = new Promise((resolve) => this.child.once('exit', resolve));
    this.child.kill('SIGTERM');
    await gone;
  }
}

export const pause = (time: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, time));
