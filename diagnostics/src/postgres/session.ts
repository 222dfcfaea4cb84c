/** The one session that is held open per database, and how a question is put to it without ever waiting for long. */
import { isIP } from 'node:net';
import pg from 'pg';
import { before, type Deadline, DeadlineExceeded } from '../model/deadline';
import type { Attempt } from '../model/held';
import { describe } from '../model/thrown';
import type { AskOptions, SqlRow } from './ask';
import type { PostgresConnectionConfig } from './connectionConfig';
import { boundedConnection } from './boundedConnection';
import { KeptPlans } from './keptPlans';
import { passwordOf, sslOf } from './secrets';
import { KeptSettings } from './settings';
import { TOO_SLOW } from './sqlstate';

/** The server itself gives up on a statement after this; the session stays usable. */
export const STATEMENT_TIMEOUT_MS = 400;
/** Nothing here waits for a lock for longer. */
const LOCK_TIMEOUT_MS = 100;
/** Silence for this long after the server's own timeout means that it hangs, and the session is poisoned. */
const GRACE_MS = 250;
/** How long to wait for the server to close the session. */
const GOODBYE_MS = 300;

export const APPLICATION = 'live-runbooks';

export interface Session {
  readonly client: pg.Client;
  /** Server version as a number: 150018. */
  version: number;
  /** What the server calls its encoding: UTF8. */
  encoding: string;
  /** Between this service and the server stands a pooler, which may give every transaction another server process. */
  pooled: boolean;
  /** Set once the session has answered. */
  known: boolean;
  /** A transaction is open, with the settings of `OPEN`. */
  inTransaction: boolean;
  /** Asked in an earlier round; only where a pooler may keep us waiting. */
  waiting: Waiting | undefined;
  /** Set when the session can no longer be used. */
  broken: boolean;
  /** SQLSTATE with which the server ended it, while nobody asked. */
  endedBy: string | undefined;
  /** Undefined: it keeps no plans, and each transaction brings its settings. */
  plans: KeptPlans | undefined;
  /** What the server's settings are as this session sees them; undefined: it is not always the same server process. */
  settings: KeptSettings | undefined;
}

/** A session that gave no answer: it is poisoned and has to be thrown away. */
export class SessionLost extends Error {}

/** The transaction of the round has not begun yet. The session is kept, and the next round waits on. */
export class StillWaiting extends Error {}

/** The opening question of a round, as long as it has no answer. */
interface Waiting {
  readonly answer: Promise<Answered>;
  /** A round waits for it. */
  isAwaited: boolean;
}
type Answered = pg.QueryResult<Record<string, unknown>>;

type TypeParser = (text: string) => unknown;
const NUMBER_TYPES = new Set([20, 26, 700, 701, 1700]);
const types = {
  // Counters and sizes are far below 2^53; as text they would be compared as text.
  getTypeParser: (oid: number): TypeParser =>
    NUMBER_TYPES.has(oid) ? Number : (pg.types.getTypeParser(oid, 'text') as TypeParser),
};

/**
 * Begins to connect. The attempt has no timeout of its own: `Held` keeps it while the server hangs. `tellSecret` is given
 * the password that is used. Errors: `UnreadableFile`.
 */
export function openSession(target: PostgresConnectionConfig, tellSecret: (secret: string) => void): Attempt<Session> {
  const password = passwordOf(target);
  tellSecret(password);
  const ssl = sslOf(target);
  const client = new pg.Client({
    connection: boundedConnection({ keepAlive: true, ssl }),
    host: target.host,
    port: target.port,
    user: target.user,
    database: target.database,
    password,
    application_name: APPLICATION,
    types: types as unknown as pg.CustomTypesConfig,
    ssl,
  } as pg.ClientConfig);
  const session: Session = {
    client,
    version: 0,
    encoding: 'UTF8',
    pooled: false,
    known: false,
    inTransaction: false,
    waiting: undefined,
    broken: false,
    endedBy: undefined,
    plans: undefined,
    settings: undefined,
  };
  client.on('error', (error) => {
    session.broken = true;
    session.endedBy ??= describe(error).code;
  });
  client.on('end', () => {
    session.broken = true;
  });
  const connected = client.connect().then(() => session);
  const stream = streamOf(client);
  let stage: ReturnType<Attempt<Session>['stage']> =
    // Neither an address nor a socket is looked up.
    target.host.startsWith('/') || isIP(target.host) !== 0 ? 'tcp' : 'dns';
  stream.once('lookup', () => {
    stage = stage === 'dns' ? 'tcp' : stage;
  });
  stream.once('connect', () => {
    stage = 'answer';
  });
  return { connected, stage: () => stage, abandon: () => discardSession(session) };
}

/**
 * Says goodbye where that is possible: a server logs a connection that is reset. `end()` never resolves on a server that
 * hangs, so the socket is destroyed then, and whenever the session is in the middle of a question.
 */
export function discardSession(session: Session): void {
  const stream = streamOf(session.client);
  const quiet = session.known && !session.broken;
  session.broken = true;
  if (!quiet) {
    stream.destroy();
    return;
  }
  const late = setTimeout(() => stream.destroy(), GOODBYE_MS);
  late.unref();
  session.client.end().then(
    () => clearTimeout(late),
    () => stream.destroy()
  );
}

// node-postgres gives no public way to the socket, nor to the process id that the server told at the start.
interface Internals {
  readonly connection: { readonly stream: NodeJS.EventEmitter & { destroy(): void } };
  readonly processID: number | null;
}
const internalsOf = (client: pg.Client): Internals => client as unknown as Internals;
const streamOf = (client: pg.Client): Internals['connection']['stream'] => internalsOf(client).connection.stream;

/**
 * What a round sets: for its transaction alone, since behind a pooler the next client gets the same server process; once,
 * where the session is known to be our own. It waits for no lock and runs no long statement; no parallel workers (with a frozen postmaster a
 * parallel query hangs past its timeout); nothing but pg_catalog in the search path (a function in `public` cannot stand
 * in for one of the system's). The rest makes answers the same whatever the server, the database or the role has set.
 */
const SETTINGS: Readonly<Record<string, string>> = {
  search_path: 'pg_catalog',
  statement_timeout: `${STATEMENT_TIMEOUT_MS}ms`,
  lock_timeout: `${LOCK_TIMEOUT_MS}ms`,
  idle_in_transaction_session_timeout: '5s',
  transaction_timeout: '5s',
  max_parallel_workers_per_gather: '0',
  jit: 'off',
  DateStyle: 'ISO, YMD',
  IntervalStyle: 'postgres',
  TimeZone: 'UTC',
  bytea_output: 'hex',
  extra_float_digits: '1',
  standard_conforming_strings: 'on',
  quote_all_identifiers: 'off',
  transform_null_equals: 'off',
  row_security: 'on',
};
/** Not known to every version. */
const SINCE: Readonly<Record<string, true>> = { transaction_timeout: true };

const setAll = (isLocal: boolean): string =>
  Object.entries(SETTINGS)
    .map(([name, value]) => {
      const set = `pg_catalog.set_config('${name}', '${value}', ${String(isLocal)})`;
      return SINCE[name] ? `CASE WHEN pg_catalog.current_setting('${name}', true) IS NOT NULL THEN ${set} END` : set;
    })
    .join(', ');

const BEGIN = 'BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY';
const OPEN = `${BEGIN}; SELECT ${setAll(true)}, pg_catalog.pg_backend_pid() AS pid,
  pg_catalog.current_setting('server_version_num') AS version, pg_catalog.current_setting('server_encoding') AS encoding`;
/** Without this setting a statement is planned for its values the first five times. */
const KEEP_PLANS = 'SET plan_cache_mode = force_generic_plan';

const openingOf = (session: Session): string => (session.plans === undefined ? OPEN : BEGIN);

/** Begins the transaction of a round. An answer means that the session works. Errors as `askSession`, and `StillWaiting`. */
export async function beginRound(session: Session, deadline: Deadline): Promise<void> {
  const dropsPlans = session.plans?.takeDue() === true;
  const rows =
    session.known && !session.pooled
      ? await simple(session, deadline, dropsPlans ? `${BEGIN}; DISCARD PLANS` : openingOf(session))
      : await openPatiently(session, deadline);
  session.inTransaction = true;
  if (!session.known) {
    const [row] = rows;
    session.known = true;
    session.version = Number(row?.version ?? 0);
    session.encoding = String(row?.encoding ?? 'UTF8');
    // A pooler tells a process id of its own making.
    session.pooled = Number(row?.pid) !== internalsOf(session.client).processID;
    if (!session.pooled) {
      await makeOwn(session, deadline);
    }
  }
  if (session.encoding === 'SQL_ASCII') {
    // Nothing is known of its texts, so the server must not look whether they are valid.
    await simple(session, deadline, `SET LOCAL client_encoding = 'SQL_ASCII'`);
  }
}

/**
 * A pooler whose pool is used up keeps its clients in a queue, and reads nothing from them: one that gave up stays in the
 * queue and takes one of the places of the pooler (`max_client_conn`). So the question is asked once, and each round waits for its answer.
 */
async function openPatiently(session: Session, deadline: Deadline): Promise<readonly SqlRow[]> {
  if (session.broken) {
    throw new SessionLost('the session was lost');
  }
  const waiting = (session.waiting ??= { answer: session.client.query(openingOf(session)), isAwaited: true });
  waiting.isAwaited = true;
  try {
    const answered = await before(deadline.within(STATEMENT_TIMEOUT_MS + GRACE_MS), 'a statement', waiting.answer);
    session.waiting = undefined;
    return lastRows(answered);
  } catch (error) {
    if (error instanceof DeadlineExceeded) {
      waiting.isAwaited = false;
      waiting.answer.then(
        () => giveBack(session, waiting),
        () => undefined
      );
      throw new StillWaiting(error.message);
    }
    session.waiting = undefined;
    if (session.broken) {
      throw new SessionLost(error instanceof Error ? error.message : String(error));
    }
    throw error;
  }
}

/** The answer came between two rounds: the transaction would keep a connection of the pool until the next one. */
function giveBack(session: Session, waiting: Waiting): void {
  if (!waiting.isAwaited && session.waiting === waiting) {
    session.waiting = undefined;
    session.client.query('ROLLBACK').catch(() => {
      session.broken = true;
    });
  }
}

/**
 * A session of our own is set up once. It has to outlast the time between two rounds, and keeps its plans. A pooler's is not
 * ours to change.
 */
async function makeOwn(session: Session, deadline: Deadline): Promise<void> {
  const { version } = session;
  const statements = [
    'ROLLBACK',
    // A replica takes none of the isolation that a role may have by default.
    BEGIN,
    `SELECT ${setAll(false)}`,
    ...(version >= 140_000 ? ['SET idle_session_timeout = 0'] : []),
    ...(version >= 120_000 ? [KEEP_PLANS] : []),
    'COMMIT',
    BEGIN,
  ];
  await simple(session, deadline, statements.join('; '));
  session.plans = new KeptPlans();
  session.settings = new KeptSettings();
}

/** Ends it. Nothing was written: it is rolled back. */
export async function endRound(session: Session, deadline: Deadline): Promise<void> {
  if (session.inTransaction && !session.broken) {
    session.inTransaction = false;
    await simple(session, deadline, 'ROLLBACK');
  }
}

/** Fixed texts of our own, several statements at once. Answers the rows of the last SELECT. */
async function simple(session: Session, deadline: Deadline, sql: string): Promise<readonly SqlRow[]> {
  return lastRows(await answerOf(session, deadline, () => session.client.query<Record<string, unknown>>(sql)));
}

/** The rows of the last SELECT. */
function lastRows(answered: Answered): readonly SqlRow[] {
  const results = Array.isArray(answered) ? (answered as Answered[]) : [answered];
  return results.findLast((result) => result.rows.length > 0)?.rows ?? [];
}

/**
 * One statement in the extended protocol (which refuses several at once), inside the transaction of the round. An error
 * ends that transaction, so the next one is begun at once. Errors: the server's own (with `code`), `SessionLost` when
 * there is no answer; the caller then throws the session away.
 */
export async function askSession(
  session: Session,
  deadline: Deadline,
  sql: string,
  values: readonly unknown[] = [],
  { once = false }: AskOptions = {}
): Promise<readonly SqlRow[]> {
  const name = once ? undefined : session.plans?.nameOf(sql);
  const query = { text: sql, values: [...values], queryMode: 'extended', ...(name === undefined ? {} : { name }) };
  try {
    return (await answerOf(session, deadline, () => session.client.query<Record<string, unknown>>(query))).rows;
  } catch (error) {
    if (error instanceof SessionLost) {
      throw error;
    }
    if (session.inTransaction) {
      await simple(session, deadline, `ROLLBACK; ${openingOf(session)}`);
    }
    const { code } = describe(error);
    if (code === TOO_SLOW) {
      // The plan may be one for catalogs that were smaller.
      session.plans?.distrust();
    }
    if (name !== undefined && NOT_KEPT.has(code)) {
      session.plans?.lose(sql);
      return askSession(session, deadline, sql, values, { once: true });
    }
    throw error;
  }
}

/** The server has no statement of that name, has it already, or what it reads has other columns by now. */
const NOT_KEPT = new Set(['26000', '42P05', '0A000']);

/**
 * The same, in an encoding that the server converts nothing to: a text of another database may not be valid in that of this
 * one. Texts are selected as bytes then (`rawText`).
 */
export async function askRawly(
  session: Session,
  deadline: Deadline,
  sql: string,
  values?: readonly unknown[],
  options?: AskOptions
): Promise<readonly SqlRow[]> {
  if (session.encoding === 'UTF8' || session.encoding === 'SQL_ASCII') {
    return askSession(session, deadline, sql, values, options);
  }
  await simple(session, deadline, `SET LOCAL client_encoding = 'SQL_ASCII'`);
  const rows = await askSession(session, deadline, sql, values, options);
  await simple(session, deadline, `SET LOCAL client_encoding = 'UTF8'`);
  return rows;
}

async function answerOf<T>(session: Session, deadline: Deadline, ask: () => Promise<T>): Promise<T> {
  if (session.broken) {
    throw new SessionLost('the session was lost');
  }
  try {
    return await before(deadline.within(STATEMENT_TIMEOUT_MS + GRACE_MS), 'a statement', ask());
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
