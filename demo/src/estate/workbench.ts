/** The workbench: the built plugin outside Grafana, on the estate's data. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { RunningProcess } from '../servers';
import { startProgram, untilAnswers } from './nodeProcess';
import type { Ports } from './ports';
import { REPOSITORY } from './record';
import { SHORT } from './rules';

interface WorkbenchOptions {
  readonly ports: Ports;
  readonly token: string;
  readonly logFile: string;
}

/** Errors: the plugin is not built. */
export async function startWorkbench({ ports, token, logFile }: WorkbenchOptions): Promise<RunningProcess> {
  if (!existsSync(join(REPOSITORY, 'dist', 'module.js'))) {
    throw new Error('the plugin is not built (no dist/module.js). Run: npm run build, or start with --no-workbench');
  }
  const local = (port: number): string => `http://127.0.0.1:${port}`;
  const workbench = await startProgram({
    name: 'workbench',
    program: 'workbench/src/server/main.ts',
    args: [
      '--port',
      String(ports.workbench),
      '--plugin-dist',
      'dist',
      '--provisioning',
      'provisioning',
      '--control',
      local(ports.control),
    ],
    env: {
      PROMETHEUS_URL: local(ports.prometheus),
      DIAGNOSTICS_URL: local(ports.diagnostics),
      DIAGNOSTICS_TOKEN: token,
      LIVE_RUNBOOKS_WINDOW: SHORT.window,
      LIVE_RUNBOOKS_HOLD: SHORT.hold,
      LIVE_RUNBOOKS_SCRAPE: SHORT.scrape,
      LIVE_RUNBOOKS_DEPLOY_LOOKBACK: SHORT.deploy_lookback,
      LIVE_RUNBOOKS_BASELINE: SHORT.baseline,
    },
    logFile,
  });
  await untilAnswers(workbench, local(ports.workbench));
  return workbench;
}
