/**
 * One application as a deployment of one replica: it can be stopped, started and rolled out with another version, and it
 * is started again when it crashes. What a cluster would count (generation, restarts) is counted here.
 */
import { readFileSync } from 'node:fs';
import type { ObservedDeployment } from '../kubernetes/simulator';
import type { RunningProcess } from '../servers';
import { startProgram, untilAnswers } from './nodeProcess';

export interface DeploymentOptions {
  readonly name: string;
  /** Its name in the cluster, when that is another one; and the namespace there. */
  readonly deployment?: string;
  readonly namespace: string;
  readonly program: string;
  readonly version: string;
  readonly port?: number;
  /** Path that answers 2xx when it is up; without one it is up when it runs. */
  readonly health?: string;
  readonly env: Readonly<Record<string, string>>;
  readonly logFile: string;
}

export interface DeploymentState extends ObservedDeployment {
  readonly name: string;
  readonly version: string;
  readonly pid?: number;
}

const PAGE_BYTES = 4096;

/** What a running process is known by; nothing once it has ended. */
function observed(pid: number): { pid: number; residentBytes: number } | undefined {
  try {
    return { pid, residentBytes: Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]) * PAGE_BYTES };
  } catch {
    return undefined;
  }
}

export interface Deployment {
  state(): DeploymentState;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Another version in the same place, as `kubectl set image` and `kubectl rollout undo` do. */
  rollOut(version: string): Promise<void>;
}

export function deployment(options: DeploymentOptions): Deployment {
  let version = options.version;
  let generation = 1;
  let podGeneration = 1;
  let restarts = 0;
  let lastTerminatedReason: string | undefined;
  let running: RunningProcess | undefined;
  /** Whether it should run: what ends while this is true has crashed. */
  let wanted = false;

  const launch = async (): Promise<void> => {
    const { name, program, env, logFile, port } = options;
    const started = await startProgram({
      name,
      program,
      logFile,
      env: { ...env, VERSION: version, ...(port === undefined ? {} : { PORT: String(port) }) },
    });
    running = started;
    void started.ended.then(({ code }) => {
      if (wanted && running === started) {
        restarts += 1;
        // What a kubelet says of an end that no memory limit caused.
        lastTerminatedReason = code === 0 ? 'Completed' : 'Error';
        setTimeout(() => {
          if (wanted && running === started) {
            void launch().catch(() => undefined);
          }
        }, 1000);
      }
    });
    if (port !== undefined && options.health !== undefined) {
      await untilAnswers(started, `http://127.0.0.1:${port}${options.health}`);
    }
  };

  const self: Deployment = {
    state() {
      const up = running?.running() ?? false;
      return {
        name: options.name,
        deployment: options.deployment ?? options.name,
        namespace: options.namespace,
        replicas: 1,
        available: up ? 1 : 0,
        generation,
        podGeneration,
        restarts,
        ...(lastTerminatedReason === undefined ? {} : { lastTerminatedReason }),
        version,
        ...(up && running ? observed(running.pid) : {}),
      };
    },
    async start() {
      wanted = true;
      if (!(running?.running() ?? false)) {
        await launch();
      }
    },
    async stop() {
      wanted = false;
      await running?.stop('SIGTERM', 4000);
    },
    async rollOut(next) {
      if (next === version && (running?.running() ?? false)) {
        return;
      }
      // A cluster notes what is wanted before it ends the first process.
      generation += 1;
      await self.stop();
      version = next;
      podGeneration = generation;
      // A roll-out makes a pod of its own, whose container has not restarted yet.
      restarts = 0;
      lastTerminatedReason = undefined;
      await self.start();
    },
  };
  return self;
}
