/** Alert rules generated from the packs, with windows short enough that a fault shows within a minute. */
import { existsSync, readdirSync } from 'node:fs';
import { startProgram } from './nodeProcess';
import type { Ports } from './ports';

/** What the estate binds instead of the packs' five minutes; the workbench is told the same. */
export const SHORT = { window: '15s', hold: '10s', scrape: '2s', deploy_lookback: '5m', baseline: '2m' } as const;

/** The directory of the rules. Errors: what the generator said. */
export async function generateRules(dir: string, ports: Ports, logFile: string): Promise<string> {
  const generator = await startProgram({
    name: 'live-runbooks generate alerts',
    program: 'cli/src/main.ts',
    args: [
      ...['generate', 'alerts', '--out', dir, '--base-url', `http://127.0.0.1:${ports.workbench}`],
      ...Object.entries(SHORT).flatMap(([name, value]) => ['--bind', `${name}=${value}`]),
    ],
    logFile,
  });
  const { code } = await generator.ended;
  if (code !== 0 || !existsSync(dir) || readdirSync(dir).length === 0) {
    throw new Error(`the alert rules could not be generated (exit code ${code}):\n${generator.logTail()}`);
  }
  return dir;
}
