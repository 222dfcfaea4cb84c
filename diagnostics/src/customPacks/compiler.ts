/**
 * Compiles packs in a thread of its own: what somebody else wrote may take as long as it likes, and costs its own pack,
 * not the service. A pack that takes too long, or too much memory, is a problem of that pack; the next one gets a fresh
 * thread.
 */
import { Worker } from 'node:worker_threads';
import type { Pack } from '@live-runbooks/engine';
import { describe } from '../model/thrown';
import type { PackFiles, Problem } from '@live-runbooks/engine/authoring';

export type Compiled =
  | {
      readonly ok: true;
      readonly pack: Pack;
      /** The file in which each runbook was written, by its id. */
      readonly files: Readonly<Record<string, string>>;
    }
  | { readonly ok: false; readonly problems: readonly Problem[] };

/** Far more than a pack of hundreds of signals takes. */
export const COMPILE_MS = 10_000;
const MEGABYTES = 96;

/** A pack was not compiled in time, or not at all: a sentence. */
export class NotCompiled extends Error {}

export interface Compiler {
  /** Errors: `NotCompiled`. */
  compile(folder: string): Promise<Compiled>;
  close(): void;
}

/** A thread that knows `files`; it starts with the first pack that is compiled. */
export function compilerOf(files: PackFiles, limitMs: number): Compiler {
  let worker: Worker | undefined;
  const close = (): void => {
    void worker?.terminate();
    worker = undefined;
  };
  return {
    close,
    compile(folder) {
      worker ??= startWorker(files);
      const thread = worker;
      return new Promise((resolve, reject) => {
        const settle = (work: () => void): void => {
          clearTimeout(timer);
          thread.off('message', taken).off('error', failed).off('exit', ended);
          work();
        };
        const fail = (message: string): void => {
          close();
          settle(() => reject(new NotCompiled(message)));
        };
        const taken = (compiled: string): void => settle(() => resolve(JSON.parse(compiled) as Compiled));
        const failed = (error: unknown): void => fail(`cannot be compiled: ${describe(error).message}`);
        const ended = (): void => fail('cannot be compiled: its thread ended');
        const timer = setTimeout(
          () =>
            fail(
              `not compiled within ${limitMs / 1000} s; it is tried again with more time. If it stays, make it smaller`
            ),
          limitMs
        );
        thread.on('message', taken).on('error', failed).on('exit', ended);
        thread.postMessage(folder);
      });
    },
  };
}

/** The bundle has the thread's program beside it; from the sources it is TypeScript. */
function startWorker(files: PackFiles): Worker {
  const source = import.meta.url.endsWith('.ts');
  const program = new URL(source ? './compileThread.ts' : './compileThread.js', import.meta.url);
  const worker = new Worker(source ? BOOT : program, {
    workerData: { files, program: program.href },
    resourceLimits: { maxOldGenerationSizeMb: MEGABYTES, maxYoungGenerationSizeMb: 8 },
    env: {},
    ...(source ? { eval: true, execArgv: [] } : {}),
  });
  // Messages of a thread that is being ended are ignored.
  worker.on('error', () => undefined);
  return worker;
}

const BOOT = `import('tsx/esm/api').then(({ register }) => { register(); return import(require('node:worker_threads').workerData.program); }).catch((error) => { throw new Error(String(error?.stack ?? error)); });`;
