import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PostgresRig } from './postgres';

/**
 * Restarts the server as a standby without a primary and without hot_standby: it keeps starting up and never accepts a
 * connection. Answers how that is healed.
 */
export async function keepStartingUp(rig: PostgresRig): Promise<() => Promise<void>> {
  const admin = await rig.admin();
  await admin.query('ALTER SYSTEM SET hot_standby = off');
  await rig.disconnect();
  await rig.server.stop('fast');
  const signal = join(rig.server.dataDir, 'standby.signal');
  writeFileSync(signal, '');
  const starting = rig.server.start().catch(() => undefined);
  return async () => {
    await rig.server.stop('immediate');
    await starting;
    rmSync(signal);
    const auto = join(rig.server.dataDir, 'postgresql.auto.conf');
    writeFileSync(auto, readFileSync(auto, 'utf8').replace(/^hot_standby.*$/m, ''));
    await rig.server.start();
  };
}
