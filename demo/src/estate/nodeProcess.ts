/** TypeScript programs of this repository as child processes. */
import { join } from 'node:path';
import { type RunningProcess, startProcess } from '../servers';
import { REPOSITORY } from './record';

interface NodeProgram {
  readonly name: string;
  /** Below the repository: `demo/src/gorax-api/main.ts`. */
  readonly program: string;
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly logFile: string;
}

export function startProgram({ name, program, args = [], env = {}, logFile }: NodeProgram): Promise<RunningProcess> {
  return startProcess({
    name,
    command: process.execPath,
    args: ['--import', 'tsx', join(REPOSITORY, program), ...args],
    cwd: REPOSITORY,
    env: { ...process.env, NODE_ENV: 'production', NODE_OPTIONS: '--max-old-space-size=192', ...env },
    logFile,
  });
}

/** Generous: what starts in a second takes a minute on a machine that is busy with something else. */
const START_DEADLINE_MS = 240_000;

/** Resolves when the URL answers 2xx. Errors: the log's tail, when the process ends or the deadline passes. */
export function untilAnswers(process: RunningProcess, url: string, deadlineMs = START_DEADLINE_MS): Promise<void> {
  return process.waitUntil(
    `answering ${url}`,
    async () => {
      const answer = await fetch(url, { signal: AbortSignal.timeout(10_000) });
      await answer.arrayBuffer();
      return answer.ok;
    },
    deadlineMs
  );
}
