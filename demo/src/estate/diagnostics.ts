/** The diagnostics service, on the repository's own configuration file, with the estate's addresses in its environment. */
import { dirname, join } from 'node:path';
import type { RunningProcess } from '../servers';
import { startProgram, untilAnswers } from './nodeProcess';
import type { Ports } from './ports';
import { REPOSITORY } from './record';

interface DiagnosticsOptions {
  readonly ports: Ports;
  readonly token: string;
  /** Of the role `diagnostics`. */
  readonly password: string;
  readonly logFile: string;
}

export async function startDiagnostics({
  ports,
  token,
  password,
  logFile,
}: DiagnosticsOptions): Promise<RunningProcess> {
  const service = await startProgram({
    name: 'diagnostics',
    program: 'diagnostics/src/main.ts',
    args: ['--config', join(REPOSITORY, 'demo', 'config', 'diagnostics.yaml')],
    env: {
      DIAGNOSTICS_HOST: '127.0.0.1',
      DIAGNOSTICS_PORT: String(ports.diagnostics),
      DIAGNOSTICS_TOKEN: token,
      // beside the log, in the estate's own folder, which goes with it
      DIAGNOSTICS_STATE: join(dirname(logFile), 'diagnostics-state'),
      DIAGNOSTICS_POSTGRES_PASSWORD: password,
      POSTGRES_HOST: '127.0.0.1',
      POSTGRES_PORT: String(ports.postgres),
      REDIS_HOST: '127.0.0.1',
      REDIS_PORT: String(ports.redis),
    },
    logFile,
  });
  await untilAnswers(service, `http://127.0.0.1:${ports.diagnostics}/healthz`);
  return service;
}
