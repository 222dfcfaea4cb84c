/** A streaming replica of a test's server. */
import { execFileSync } from 'node:child_process';
import { appendFileSync, chownSync, cpSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type PostgresServer, startPostgres } from '../../../demo/src/servers';
import { postgresTool } from './postgresTool';
import { chosenBinaries } from './postgresVersion';

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
  const url = primary.superuserUrl.replace(/\/postgres$/, '/postgres?application_name=replica-1');
  const tool = postgresTool('pg_basebackup', 'same');
  if ('program' in tool) {
    mkdirSync(data, { mode: 0o700 });
    chownSync(data, uid, gid);
    // -R writes standby.signal and primary_conninfo.
    execFileSync(tool.program, ['-d', url, '-D', data, '-X', 'stream', '-c', 'fast', '-R'], {
      uid,
      gid,
      stdio: 'ignore',
    });
  } else {
    await copyAtRest(primary, data, url);
  }
  const server = await startPostgres({
    dir,
    ...chosenBinaries(),
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

/** Without a pg_basebackup of that version: what a newer one writes into primary_conninfo, older servers may not know. */
async function copyAtRest(primary: PostgresServer, data: string, url: string): Promise<void> {
  await primary.stop('fast');
  execFileSync('cp', ['-a', primary.dataDir, data]);
  await primary.start();
  rmSync(join(data, 'postmaster.pid'), { force: true });
  const { uid, gid } = statSync(data);
  writeFileSync(join(data, 'standby.signal'), '');
  appendFileSync(join(data, 'postgresql.auto.conf'), `primary_conninfo = '${url}'\n`);
  chownSync(join(data, 'standby.signal'), uid, gid);
}
