import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { EstateRecord } from '../../demo/src/estate/record';

const ROOT = path.resolve(__dirname, '../..');
const START_DEADLINE_MS = 600_000;
const STOP_DEADLINE_MS = 120_000;
/** Ports of one estate: see demo/src/estate/ports.ts. */
const BLOCK = 20;

export interface EstateProcess {
  readonly record: EstateRecord & { readonly urls: { readonly workbench: string } };
  /** Where it keeps its files. */
  readonly dir: string;
  readonly stop: () => Promise<void>;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

async function until<T>(
  what: string,
  deadlineMs: number,
  ask: () => Promise<T | undefined> | T | undefined
): Promise<T> {
  const end = Date.now() + deadlineMs;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) {
      return answer;
    }
    if (Date.now() > end) {
      throw new Error(`${what} did not happen within ${deadlineMs / 1000} s`);
    }
    await pause(200);
  }
}

const ended = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null;

async function answers(url: string): Promise<true | undefined> {
  try {
    return (await fetch(url)).ok ? true : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The estate as a process of its own, in its own folder and on its own ports. Resolves when its workbench answers.
 * Errors: it ended or did not answer in time, with what it printed.
 */
export async function startEstateProcess(index: number): Promise<EstateProcess> {
  const dir = path.join(ROOT, '.demo', `e2e-${index}`);
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true });
  const { DEMO_PORT_BASE: base } = process.env;
  const ports = base ? ['--port-base', String(Number(base) + index * BLOCK)] : [];
  let printed = '';
  const child = spawn(process.execPath, ['--import', 'tsx', 'demo/src/main.ts', '--dir', dir, ...ports], {
    cwd: ROOT,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  }
  const stop = async () => {
    child.kill('SIGTERM');
    await until('the end of the estate', STOP_DEADLINE_MS, () => (ended(child) ? true : undefined));
  };
  try {
    const file = path.join(dir, 'estate.json');
    const record = await until('the start of the estate', START_DEADLINE_MS, () => {
      if (ended(child)) {
        throw new Error(`the estate ended with ${child.exitCode ?? child.signalCode}`);
      }
      return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as EstateRecord) : undefined;
    });
    const workbench = record.urls.workbench;
    if (workbench === undefined) {
      throw new Error('the estate started without a workbench');
    }
    await until('an answer of the workbench', START_DEADLINE_MS, () => answers(workbench));
    return { record: { ...record, urls: { ...record.urls, workbench } }, dir, stop };
  } catch (error) {
    child.kill('SIGTERM');
    throw new Error(`${(error as Error).message}. It printed:\n${printed.slice(-4000)}`);
  }
}
