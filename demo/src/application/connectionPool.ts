/**
 * A bounded pool over pg, as an application has one: a caller waits for a free connection for a limited time, and a
 * connection is closed after a limited life. So a lock, a leak or a full server reaches the callers as it does in reality.
 */
import pg from 'pg';

interface PoolOptions {
  readonly url: string;
  /** `application_name` of its sessions. */
  readonly application: string;
  readonly max: number;
  readonly acquireTimeoutMs: number;
  readonly maxLifetimeSeconds: number;
  readonly onError: (error: Error) => void;
  /** Called once for each use of a connection. */
  readonly onCall: () => void;
}

export interface PoolCounts {
  readonly max: number;
  readonly open: number;
  readonly inUse: number;
  readonly idle: number;
  /** Callers that had to wait for a connection, and for how long in all, since the start. */
  readonly waits: number;
  readonly waitSeconds: number;
}

export interface Queryable {
  query<T extends pg.QueryResultRow>(text: string, values?: readonly unknown[]): Promise<T[]>;
}

export interface ConnectionPool extends Queryable {
  transaction<T>(work: (connection: Queryable) => Promise<T>): Promise<T>;
  /** A connection that the caller forgets to give back: the defect behind a connection leak. */
  leak(): Promise<Queryable>;
  /** Gives back everything that was leaked. */
  plugLeak(): void;
  counts(): PoolCounts;
  end(): Promise<void>;
}

const queryable = (client: pg.PoolClient): Queryable => ({
  async query<T extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []) {
    return (await client.query<T>(text, [...values])).rows;
  },
});

export function openPool(options: PoolOptions): ConnectionPool {
  const pool = new pg.Pool({
    connectionString: options.url,
    application_name: options.application,
    max: options.max,
    connectionTimeoutMillis: options.acquireTimeoutMs,
    maxLifetimeSeconds: options.maxLifetimeSeconds,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
  });
  pool.on('error', options.onError);
  let waits = 0;
  let waitSeconds = 0;
  const leaked = new Set<pg.PoolClient>();
  /** Counts the times that the leak was plugged: who waited for a connection meanwhile does give it back. */
  let plugged = 0;

  const acquire = async (): Promise<pg.PoolClient> => {
    options.onCall();
    const mustWait = pool.idleCount === 0 && pool.totalCount >= options.max;
    const startedAt = performance.now();
    try {
      return await pool.connect();
    } finally {
      if (mustWait) {
        waits += 1;
        waitSeconds += (performance.now() - startedAt) / 1000;
      }
    }
  };

  const borrow = async <T>(work: (client: pg.PoolClient) => Promise<T>): Promise<T> => {
    const client = await acquire();
    // A session may be ended by the server while it is lent out; without a listener that would end the process.
    client.on('error', options.onError);
    try {
      const result = await work(client);
      client.off('error', options.onError);
      client.release();
      return result;
    } catch (error) {
      client.off('error', options.onError);
      // An error of the connection, not of the statement, has no SQLSTATE of the 2x–4x classes: do not reuse it.
      const code = (error as { code?: string }).code ?? '';
      client.release(!/^[2-4]\w{4}$/.test(code));
      throw error;
    }
  };

  return {
    query: (text, values) => borrow((client) => queryable(client).query(text, values)),
    transaction: (work) =>
      borrow(async (client) => {
        await client.query('BEGIN');
        try {
          const result = await work(queryable(client));
          await client.query('COMMIT');
          return result;
        } catch (error) {
          await client.query('ROLLBACK').catch(() => undefined);
          throw error;
        }
      }),
    async leak() {
      const before = plugged;
      const client = await acquire();
      if (before !== plugged) {
        client.release();
        return { query: (text, values) => borrow((other) => queryable(other).query(text, values)) };
      }
      client.on('error', options.onError);
      leaked.add(client);
      return queryable(client);
    },
    plugLeak() {
      plugged += 1;
      for (const client of leaked) {
        client.off('error', options.onError);
        client.release(true);
      }
      leaked.clear();
    },
    counts: () => ({
      max: options.max,
      open: pool.totalCount,
      inUse: pool.totalCount - pool.idleCount,
      idle: pool.idleCount,
      waits,
      waitSeconds,
    }),
    end: () => pool.end(),
  };
}
