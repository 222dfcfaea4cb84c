/** A streaming replica of a test's server. */
import { execFileSync } from 'node:child_process';
import { chownSync, cpSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type PostgresServer, startPostgres } from '../../../demo/src/servers';
import { postgresTool } from './postgres-tool';

/** `settings`: limits such as max_connections may not be below the primary's. */
export async function replicaOf(
  primary: PostgresServer,
  settings: Readonly<Record<string, string>> = {}
): Promise<PostgresServer> {
  const dir = mkdtempSync(join(tmpdir(), 'live-runbooks-replica-'));
  const { uid, gid } = statSync(primary.dataDir);
  chownSync(dir, uid, gid);
  cpSync(join(dirname(primary.dataDir), 'superuser.password'), join(dir, 'superuser.password'));
  const data = join(dir, 'data');
  mkdirSync(data, { mode: 0o700 });
  chownSync(data, uid, gid);
  const url = primary.superuserUrl.replace(/\/postgres$/, '/postgres?application_name=replica-1');
  // -R writes standby.signal and primary_conninfo.
  execFileSync(postgresTool('pg_basebackup'), ['-d', url, '-D', data, '-X', 'stream', '-c', 'fast', '-R'], {
    uid,
    gid,
    stdio: 'ignore',
  });
  const server = await startPostgres({
    dir,
    settings: { fsync: 'off', hot_standby: 'on', max_prepared_transactions: '5', ...settings },
  });
  const stop = server.dispose;
  return Object.assign(server, {
    async dispose() {
      await stop();
      rmSync(dir, { recursive: true, force: true });
    },
  });
}
