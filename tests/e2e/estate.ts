import { readFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';
import { WAIT_MS } from './polling';

const TOO_MANY_CONNECTIONS = '53300';

interface Rows {
  readonly rows: ReadonlyArray<Record<string, unknown>>;
}

interface Estate {
  readonly ports: { readonly postgres: number };
  readonly urls: { readonly prometheus: string; readonly diagnostics: string };
}

/** Where the parts of the running estate are. */
export async function estate(): Promise<Estate> {
  return (await (await fetch(`${process.env.ESTATE_CONTROL_URL}/estate`)).json()) as Estate;
}

/**
 * Asks the estate's Postgres as its superuser: what is really there, independent of every part under test. The estate made
 * the password for itself and leaves it in its folder. Sessions that are being refused hold a slot for a moment each, the
 * reserved ones too, so a server that is full is asked again.
 * Errors: the server refused for another reason, or until `WAIT_MS`.
 */
export async function askPostgres(sql: string): Promise<Rows['rows']> {
  for (const end = Date.now() + WAIT_MS; ; await new Promise((resolve) => setTimeout(resolve, 400))) {
    const client = await superuser();
    try {
      await client.connect();
      return (await client.query(sql)).rows as Rows['rows'];
    } catch (error) {
      if (!(error instanceof pg.DatabaseError && error.code === TOO_MANY_CONNECTIONS) || Date.now() > end) {
        throw error;
      }
    } finally {
      await client.end().catch(() => undefined);
    }
  }
}

async function superuser(): Promise<pg.Client> {
  return new pg.Client({
    host: '127.0.0.1',
    port: (await estate()).ports.postgres,
    user: 'postgres',
    password: readFileSync(path.join(process.env.ESTATE_DIR ?? '', 'postgres', 'superuser.password'), 'utf8').trim(),
    database: 'gorax',
    application_name: 'end-to-end-test',
    connectionTimeoutMillis: WAIT_MS,
  });
}
