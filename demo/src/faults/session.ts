/** A database session that a fault holds open, and that knows when somebody ended it. */
import pg from 'pg';

export interface Session {
  readonly client: pg.Client;
  open(): boolean;
  end(): Promise<void>;
}

/** Errors: the connection's own. Afterwards errors only close the session. */
export async function openSession(url: string, application: string): Promise<Session> {
  const client = new pg.Client({
    connectionString: url,
    application_name: application,
    connectionTimeoutMillis: 30_000,
  });
  let open = true;
  const closed = (): void => {
    open = false;
  };
  client.on('error', closed);
  client.on('end', closed);
  await client.connect();
  return {
    client,
    open: () => open,
    async end() {
      if (!open) {
        return;
      }
      open = false;
      // A session that runs a statement does not end before the statement does: close its socket instead.
      const { stream } = (client as unknown as { connection: { stream: { destroy(): void } } }).connection;
      const timer = setTimeout(() => stream.destroy(), 500);
      await client.end().catch(() => undefined);
      clearTimeout(timer);
    },
  };
}

/** Runs statements on a connection of their own. */
export async function runSql(url: string, statements: readonly string[]): Promise<void> {
  const session = await openSession(url, 'estate');
  try {
    for (const statement of statements) {
      await session.client.query(statement);
    }
  } finally {
    await session.end();
  }
}
