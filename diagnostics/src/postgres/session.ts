/** The one session that is held open per database, and how a question is put to it without ever waiting for long. */
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { checkServerIdentity } from 'node:tls';
import pg from 'pg';
import { before, type Deadline, DeadlineExceeded } from '../model/deadline';
import type { Attempt } from '../model/held';
import type { PostgresTargetConfig } from '../config/schema';

/** The server itself gives up on a statement after this; the session stays usable. */
export const STATEMENT_TIMEOUT_MS = 400;
/** Nothing here waits for a lock for longer. */
export const LOCK_TIMEOUT_MS = 100;
/** Silence for this long after the server's own timeout means that it hangs, and the session is poisoned. */
const GRACE_MS = 250;

export type SqlRow = Readonly<Record<string, unknown>>;

export interface Session {
  readonly client: pg.Client;
  /** Server version as a number: 150018. */
  version: number;
  /** Set once the session's own settings are in place. */
  prepared: boolean;
  /** Set when the session can no longer be used. */
  broken: boolean;
}

/** A session that gave no answer: it is poisoned and has to be thrown away. */
export class SessionLost extends Error {}

type TypeParser = (text: string) => unknown;
const NUMBER_TYPES = new Set([20, 26, 700, 701, 1700]);
const types = {
  // Counters and sizes are far below 2^53; as text they would be compared as text.
  getTypeParser: (oid: number): TypeParser =>
    NUMBER_TYPES.has(oid) ? Number : (pg.types.getTypeParser(oid, 'text') as TypeParser),
};

/** Begins to connect. The attempt has no timeout of its own: `Held` keeps it while the server hangs. */
export function openSession(target: PostgresTargetConfig): Attempt<Session> {
  const client = new pg.Client({
    host: target.host,
    port: target.port,
    user: target.user,
    database: target.database,
    password: target.password ?? '',
    application_name: 'live-runbooks',
    keepAlive: true,
    types: types as unknown as pg.CustomTypesConfig,
    ssl: sslOf(target),
  });
  const session: Session = { client, version: 0, prepared: false, broken: false };
  client.on('error', () => {
    session.broken = true;
  });
  client.on('end', () => {
    session.broken = true;
  });
  const connected = client.connect().then(() => session);
  const stream = streamOf(client);
  let stage: ReturnType<Attempt<Session>['stage']> = 'dns';
  stream.once('lookup', () => {
    stage = stage === 'dns' ? 'tcp' : stage;
  });
  stream.once('connect', () => {
    stage = 'answer';
  });
  return { connected, stage: () => stage, abandon: () => discardSession(session) };
}

function sslOf({ tls, host }: PostgresTargetConfig): pg.ClientConfig['ssl'] {
  if (tls === false) {
    return undefined;
  }
  const { caFile, serverName } = tls === true ? {} : tls;
  const name = serverName ?? host;
  return {
    rejectUnauthorized: true,
    // node-postgres always sends the host as the server's name, so the name in the certificate is compared here.
    checkServerIdentity: (_host, certificate) => checkServerIdentity(name, certificate),
    ...(isIP(name) === 0 ? { servername: name } : {}),
    ...(caFile === undefined ? {} : { ca: readFileSync(caFile, 'utf8') }),
  };
}

/** `end()` never resolves on a server that hangs, so the socket is destroyed; the server sees the end of the session. */
export function discardSession(session: Session): void {
  session.broken = true;
  streamOf(session.client).destroy();
}

// node-postgres gives no public way to the socket.
function streamOf(client: pg.Client): NodeJS.EventEmitter & { destroy(): void } {
  return (client as unknown as { connection: { stream: NodeJS.EventEmitter & { destroy(): void } } }).connection.stream;
}

/**
 * Makes the session harmless, in one statement, before anything else is asked: no waiting for locks, no long statement,
 * no parallel workers (with a frozen postmaster a parallel query hangs past its timeout), nothing but pg_catalog in the
 * search path (a function in `public` cannot stand in for one of the system's), read-only.
 */
export async function prepareSession(session: Session, deadline: Deadline): Promise<void> {
  const rows = await askSession(
    session,
    deadline,
    `SELECT set_config('statement_timeout', $1, false), set_config('lock_timeout', $2, false),
            set_config('max_parallel_workers_per_gather', '0', false), set_config('jit', 'off', false),
            set_config('search_path', 'pg_catalog', false), set_config('default_transaction_read_only', 'on', false),
            set_config('idle_in_transaction_session_timeout', '5s', false),
            CASE WHEN current_setting('idle_session_timeout', true) IS NOT NULL
                 THEN set_config('idle_session_timeout', '0', false) END,
            current_setting('server_version_num')::int AS version`,
    [`${STATEMENT_TIMEOUT_MS}ms`, `${LOCK_TIMEOUT_MS}ms`]
  );
  session.version = Number(rows[0]?.version ?? 0);
  session.prepared = true;
}

/**
 * One statement in the extended protocol (which refuses several at once). Errors: the server's own (with `code`),
 * `SessionLost` when there is no answer; the caller then throws the session away.
 */
export async function askSession(
  session: Session,
  deadline: Deadline,
  sql: string,
  values: readonly unknown[] = []
): Promise<readonly SqlRow[]> {
  if (session.broken) {
    throw new SessionLost('the session was lost');
  }
  const limit = deadline.within(STATEMENT_TIMEOUT_MS + GRACE_MS);
  const query = { text: sql, values: [...values], queryMode: 'extended' };
  try {
    const result = await before(limit, 'a statement', session.client.query<Record<string, unknown>>(query));
    return result.rows;
  } catch (error) {
    if (error instanceof DeadlineExceeded) {
      session.broken = true;
      throw new SessionLost(error.message);
    }
    if (session.broken) {
      throw new SessionLost(error instanceof Error ? error.message : String(error));
    }
    throw error;
  }
}
