import pg from 'pg';

interface Rows {
  readonly rows: ReadonlyArray<Record<string, unknown>>;
}

/** Asks the estate's Postgres as its superuser: what is really there, independent of every part under test. */
export async function askPostgres(sql: string): Promise<Rows['rows']> {
  const estate = (await (await fetch(`${process.env.ESTATE_CONTROL_URL}/estate`)).json()) as { ports: { postgres: number } };
  const client = new pg.Client({
    host: '127.0.0.1',
    port: estate.ports.postgres,
    user: 'postgres',
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
