/** A real Postgres with the role of `grants.sql` and a database to break. */
import { readFileSync } from 'node:fs';
import pg from 'pg';
import { type PostgresOptions, type PostgresServer, startPostgres } from '../../../demo/src/servers';
import { until } from './client';
import { chosenBinaries } from './postgresVersion';
import { PG_PASSWORD } from './secrets';

export interface PostgresRig {
  readonly server: PostgresServer;
  /** As the superuser, in the database `shop`. */
  admin(application?: string): Promise<pg.Client>;
  /** As an ordinary role, in the database `shop`. */
  app(application?: string): Promise<pg.Client>;
  target(more?: Record<string, unknown>): Record<string, unknown>;
  /** Sessions of the service that the server has now. */
  ownSessions(): Promise<number>;
  /** Ends whatever `admin` and `app` opened. */
  disconnect(): Promise<void>;
  dispose(): Promise<void>;
}

export async function postgresRig(options: PostgresOptions = {}): Promise<PostgresRig> {
  const server = await startPostgres({
    ...chosenBinaries(),
    ...options,
    settings: {
      fsync: 'off',
      shared_preload_libraries: 'pg_stat_statements',
      max_prepared_transactions: '5',
      autovacuum_naptime: '1h',
      ...options.settings,
    },
  });
  const open: pg.Client[] = [];
  const connect = async (url: string, application: string): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: url, application_name: application });
    client.on('error', () => undefined);
    await client.connect();
    open.push(client);
    return client;
  };
  const urlOf = (user: string, password: string): string =>
    `postgres://${user}:${password}@${server.host}:${server.port}/shop`;
  const shopUrl = (): string => server.superuserUrl.replace(/\/postgres$/, '/shop');

  const first = await connect(server.superuserUrl, 'setup');
  // The statements of the file as psql would send them.
  const grants = readFileSync(new URL('../../grants.sql', import.meta.url), 'utf8');
  await first.query(grants.replace(":'password'", `'${PG_PASSWORD}'`));
  await first.query(`CREATE ROLE shop LOGIN PASSWORD 'shop'`);
  await first.query('CREATE DATABASE shop OWNER shop');
  const shop = await connect(shopUrl(), 'setup');
  await shop.query('CREATE EXTENSION pg_stat_statements');
  await shop.query('GRANT ALL ON SCHEMA public TO shop');

  const disconnect = async (): Promise<void> => {
    const all = open.splice(0);
    await Promise.all(
      all.map((client) => {
        // A session that waits or whose server is gone does not end in order.
        (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
        return undefined;
      })
    );
  };
  await disconnect();

  return {
    server,
    admin: (application = 'admin') => connect(shopUrl(), application),
    app: (application = 'shop-api') => connect(urlOf('shop', 'shop'), application),
    target: (more = {}) => ({
      id: 'shop-postgres',
      kind: 'postgres',
      host: server.host,
      port: server.port,
      database: 'shop',
      user: 'live_runbooks',
      password: PG_PASSWORD,
      ...more,
    }),
    async ownSessions() {
      const client = await connect(server.superuserUrl, 'count');
      const { rows } = await client.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM pg_stat_activity WHERE usename = 'live_runbooks'`
      );
      await client.end();
      return rows[0]?.n ?? -1;
    },
    disconnect,
    async dispose() {
      await disconnect();
      await server.dispose();
    },
  };
}

/**
 * Waits until the service holds no more than one session. On a busy machine it may hold none: it gave one up that answered
 * late, and opens another in its next round. One that was given up goes a moment after the one that took its place came.
 */
export const noSecondSession = (rig: Pick<PostgresRig, 'ownSessions'>): Promise<number> =>
  until('no second session of the service', rig.ownSessions, (count) => count <= 1);
