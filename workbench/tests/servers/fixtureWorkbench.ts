import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { startWorkbench, type Workbench } from '../../src/server';
import { buildFixture } from '../fixture/buildFixture';

const fixture = path.join(path.dirname(fileURLToPath(import.meta.url)), '../fixture');

/** The workbench with the fixture plugin, whose data sources and service are those of the environment that is given. */
export async function startFixtureWorkbench(
  environment: Record<string, string>,
  options: { moduleSource?: string; control?: string } = {}
): Promise<Workbench> {
  const dist = mkdtempSync(path.join(tmpdir(), 'workbench-fixture-'));
  await buildFixture(dist, options.moduleSource);
  const workbench = await startWorkbench({
    pluginDist: dist,
    provisioning: path.join(fixture, 'provisioning'),
    environment,
    control: options.control,
  });
  return {
    ...workbench,
    close: async () => {
      await workbench.close();
      rmSync(dist, { recursive: true, force: true });
    },
  };
}
