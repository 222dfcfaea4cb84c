/** A real PgBouncer in front of a test's server. */
import { chownSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, startProcess } from '../../../demo/src/servers';
import { PG_PASSWORD } from './secrets';
import type { PostgresRig } from './postgres';
import pg from 'pg';

export interface PgBouncer {
  readonly port: number;
  log(): string;
  /** As the application. */
  client(): Promise<pg.Client>;
  /** How many clients of that user it has, those among them that wait. */
  clientsOf(user: string): Promise<number>;
  dispose(): Promise<void>;
}

/** Every client gets the same server connection: `pool_size=1`, `user=` forced, as reported in public. */
export async function pgBouncer(rig: PostgresRig, mode: 'session' | 'transaction' | 'statement'): Promise<PgBouncer> {
  const dir = mkdtempSync(join(tmpdir(), 'live-runbooks-pgbouncer-'));
  const { uid, gid } = statSync(rig.server.dataDir);
  const port = await freePort();
  const file = (name: string, text: string): string => {
    const path = join(dir, name);
    writeFileSync(path, text);
    chownSync(path, uid, gid);
    return path;
  };
  const users = file('users.txt', `"live_runbooks" "${PG_PASSWORD}"\n"shop" "shop"\n`);
  const { host, port: server } = rig.server;
  const forced = mode === 'session' ? '' : ` user=live_runbooks password=${PG_PASSWORD} pool_size=1`;
  const ini = file(
    'pgbouncer.ini',
    `[databases]\nshop = host=${host} port=${server} dbname=shop${forced}\n` +
      `[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = ${port}\nunix_socket_dir =\nauth_type = plain\nauth_file = ${users}\nstats_users = shop\npool_mode = ${mode}\n`
  );
  chownSync(dir, uid, gid);
  const logFile = file('pgbouncer.log', '');
  const process = await startProcess({
    name: 'pgbouncer',
    command: 'pgbouncer',
    args: [ini],
    cwd: dir,
    logFile,
    stopSignal: 'SIGINT',
    runAs: { user: 'postgres' },
  });
  const open: pg.Client[] = [];
  const client = async (database = 'shop'): Promise<pg.Client> => {
    const made = new pg.Client({ host: '127.0.0.1', port, user: 'shop', password: 'shop', database });
    made.on('error', () => undefined);
    await made.connect();
    open.push(made);
    return made;
  };
  let console: pg.Client | undefined;
  await process.waitUntil('taking clients', async () => (await client()) !== undefined, 20_000);
  return {
    port,
    log: () => readFileSync(logFile, 'utf8'),
    client: () => client(),
    async clientsOf(user) {
      console ??= await client('pgbouncer');
      const { rows } = await console.query<{ user: string }>('SHOW CLIENTS');
      return rows.filter((row) => row.user === user).length;
    },
    async dispose() {
      await Promise.all(open.map((each) => each.end().catch(() => undefined)));
      await process.stop('SIGKILL');
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
