/** A Postgres whose databases are thrown away, with the roles that the fixes ask for, and a psql to run them with. */
import { execFile } from 'node:child_process';
import pg from 'pg';

import { startPostgres, type PostgresServer } from '../../demo/src/servers';

const PASSWORD = 'made-up';
/** The name of a table and of a role that have to be quoted. */
export const TABLE = 'Orders 2024';
export const APPLICATION_ROLE = 'shop.app';

export interface Psql {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export class Database {
  private readonly clients: pg.Client[] = [];
  private readonly kept: pg.Client[] = [];
  private readonly roles = new Map<string, string>();

  private constructor(private readonly server: PostgresServer) {}

  static async start(databases: readonly string[]): Promise<Database> {
    const server = await startPostgres({
      settings: {
        fsync: 'off',
        shared_preload_libraries: 'pg_stat_statements',
        max_prepared_transactions: '5',
        compute_query_id: 'on',
      },
    });
    const database = new Database(server);
    const admin = await database.session('postgres', 'postgres');
    await admin.query(`CREATE ROLE owner LOGIN PASSWORD '${PASSWORD}'`);
    await admin.query(`CREATE ROLE "${APPLICATION_ROLE}" LOGIN PASSWORD '${PASSWORD}'`);
    for (const name of databases) {
      await admin.query(`CREATE DATABASE "${name}" OWNER owner`);
      const own = await database.session(name, 'postgres');
      await own.query('CREATE EXTENSION pg_stat_statements');
      await own.query(SCHEMA);
    }
    return database;
  }

  get address(): { readonly host: string; readonly port: string } {
    return { host: this.server.host, port: String(this.server.port) };
  }

  /** The sessions opened so far stay until the end. */
  keepSessions(): void {
    this.kept.push(...this.clients.splice(0));
  }

  /** Ends all other sessions, also one that waits or works: what one command left locked is in nobody's way. */
  async endSessions(): Promise<void> {
    const [pids, clients] = [this.clients.map(pidKnownBy), this.clients.splice(0)];
    const admin = await this.session('postgres', 'postgres');
    await admin.query('SELECT pg_terminate_backend(pid) FROM unnest($1::int[]) AS pid', [pids]);
    await Promise.all([...clients, ...this.clients.splice(0)].map((client) => client.end().catch(() => undefined)));
  }

  /** A session that stays open until `endSessions`. */
  async session(database: string, role: string, application = 'test'): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: this.url(database, role), application_name: application });
    client.on('error', () => undefined);
    await client.connect();
    this.clients.push(client);
    return client;
  }

  /** Runs what is printed as psql runs what is pasted into it: statement by statement, stopped by the first error. */
  psql(database: string, role: string, text: string): Promise<Psql> {
    return new Promise((resolve) => {
      const args = ['-X', '-v', 'ON_ERROR_STOP=1', '-d', this.url(database, role), '-f', '-'];
      const child = execFile('psql', args, { env: { ...process.env, LC_ALL: 'C' } }, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code ?? 1), stdout, stderr });
      });
      child.stdin?.end(`${text}\n`);
    });
  }

  /**
   * A role that may do what the words say and nothing else: "a role with pg_monitor", "the owner of the table". Throws on
   * words that say nothing of it.
   */
  async roleOf(words: string, database: string): Promise<string> {
    const [least = ''] = words.split(' (');
    if (least.startsWith('the owner of')) {
      return 'owner';
    }
    if (least.startsWith(`${APPLICATION_ROLE},`)) {
      return APPLICATION_ROLE;
    }
    const member = least.match(/\bpg_[a-z_]+/g) ?? [];
    const createsRoles = least.includes('CREATEROLE');
    const [, table] = /may read (its tables|[a-z_]+)/.exec(least) ?? [];
    if (member.length === 0 && !createsRoles && table === undefined) {
      throw new Error(`no role can be made from the words "${words}"`);
    }
    const key = `${database} ${least}`;
    const known = this.roles.get(key);
    if (known !== undefined) {
      return known;
    }
    const name = `least_${this.roles.size + 1}`;
    this.roles.set(key, name);
    const admin = await this.session(database, 'postgres');
    await admin.query(`CREATE ROLE ${name} LOGIN PASSWORD '${PASSWORD}'${createsRoles ? ' CREATEROLE' : ''}`);
    for (const role of member) {
      await admin.query(`GRANT ${role} TO ${name}`);
    }
    if (table !== undefined) {
      await admin.query(`GRANT SELECT ON ${table === 'its tables' ? `"${TABLE}"` : table} TO ${name}`);
    }
    return name;
  }

  async dispose(): Promise<void> {
    this.clients.push(...this.kept);
    await this.endSessions();
    await this.server.dispose();
  }

  private url(database: string, role: string): string {
    const url = new URL(this.server.superuserUrl);
    url.pathname = `/${database}`;
    if (role !== 'postgres') {
      url.username = encodeURIComponent(role);
      url.password = PASSWORD;
    }
    return url.href;
  }
}

/** The pid that the server named when the session began; the package's types leave it out. */
function pidKnownBy(client: pg.Client): number {
  return (client as unknown as { processID: number }).processID;
}

const SCHEMA = `
  CREATE TABLE "${TABLE}" (id serial PRIMARY KEY, tenant_id int, total numeric, created_at timestamptz DEFAULT now());
  INSERT INTO "${TABLE}" (tenant_id, total) SELECT n % 7, n FROM generate_series(1, 500) AS n;
  CREATE TABLE workflow_executions (
    id serial PRIMARY KEY, tenant_id text, workflow_id text, status text, duration double precision,
    created_at timestamptz DEFAULT now(), completed_at timestamptz);
  INSERT INTO workflow_executions (tenant_id, workflow_id, duration, completed_at)
    SELECT 'tenant-' || n % 3, 'wf-' || n % 5, n, now() FROM generate_series(1, 50) AS n;
  CREATE INDEX left_behind ON workflow_executions (status);
  UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'left_behind'::regclass;
  ALTER TABLE "${TABLE}" OWNER TO owner;
  ALTER TABLE workflow_executions OWNER TO owner;
  GRANT ALL ON ALL TABLES IN SCHEMA public TO "${APPLICATION_ROLE}";
  GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO "${APPLICATION_ROLE}";
`;
