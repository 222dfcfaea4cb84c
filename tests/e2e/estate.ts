import { readFileSync } from 'node:fs';
import path from 'node:path';
import pg from 'pg';

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
 * the password for itself and leaves it in its folder.
 */
export async function askPostgres(sql: string): Promise<Rows['rows']> {
  const client = new pg.Client({
    host: '127.0.0.1',
    port: (await estate()).ports.postgres,
    user: 'postgres',
    password: readFileSync(path.join(process.env.ESTATE_DIR ?? '', 'postgres', 'superuser.password'), 'utf8').trim(),
    database: 'gorax',
    application_name: 'end-to-end-test',
    connectionTimeoutMillis: 2000,
  });
  await client.connect();
  try {
    return (await client.query(sql)).rows as Rows['rows'];
  } finally {
    await client.end();
  }
}
