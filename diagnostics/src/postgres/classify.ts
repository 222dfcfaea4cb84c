/** Errors of connecting to Postgres, in the words of `postgres.availability`. */
import type { Failure } from '../model/failure';
import { UnreadableFile } from '../model/targetFile';
import { describe, networkClass } from '../model/thrown';
import { quoteName } from './relationName';

export const POSTGRES_CLASSES = [
  ...['ok', 'refused', 'dns', 'timeout', 'tls', 'auth', 'database-missing', 'too-many-clients', 'role-limit', 'pooler'],
  ...['starting-up', 'shutting-down', 'catalog-locked', 'hung-postmaster', 'hung', 'unknown'],
] as const;

export type PostgresClass = (typeof POSTGRES_CLASSES)[number];

export type PostgresFailure = Failure<PostgresClass>;

/** Of what one class may mean. */
type Because =
  | 'wants-tls'
  | 'wants-certificate'
  | 'no-tls'
  | 'unreadable'
  | 'no-hba-line'
  | 'database-limit'
  /** 57P03 in a language that is not read here: starting up, or shutting down. */
  | 'untold';

interface Refusal {
  readonly code: string;
  readonly message: string;
  /** The function of the server that refused; never translated. */
  readonly routine: string;
  /** The connection that was refused was encrypted. */
  readonly encrypted: boolean;
}

/**
 * By SQLSTATE, or by the system's error code. A server speaks the language that it was given, so where one code means
 * several things, the routine that refused tells them apart, or a name that no language translates.
 */
export function classifyPostgres(error: unknown, encrypted = false): PostgresFailure {
  const { code, message } = describe(error);
  if (error instanceof UnreadableFile) {
    return { class: error.key === 'passwordFile' ? 'auth' : 'tls', message, because: 'unreadable' };
  }
  // A socket in a directory: there is none, or this user may not open it.
  if (code === 'ENOENT' || code === 'EACCES') {
    return { class: 'refused', message };
  }
  const known = networkClass(code);
  if (known !== undefined) {
    return { class: known, message };
  }
  const { routine } = (typeof error === 'object' && error !== null ? error : {}) as { routine?: unknown };
  const [failureClass, because] = classOf({
    code,
    message,
    encrypted,
    routine: typeof routine === 'string' ? routine : '',
  });
  return { class: failureClass, message, ...(because === undefined ? {} : { because }) };
}

/** What OpenSSL, Node and node-postgres say of a handshake that fails. */
const TLS =
  /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|HOSTNAME_MISMATCH|EPROTO)|^The server does not support SSL|certificate/;
const NO_TLS = /does not support SSL/;
const WANTS_CERTIFICATE =
  /valid client certificate|certificate authentication failed|alert (certificate required|handshake failure)/;

function classOf(refusal: Refusal): readonly [failureClass: PostgresClass, because?: Because] {
  const { code, message, routine } = refusal;
  switch (code) {
    case '28P01':
    case '28000':
      return classOfLogin(refusal);
    case '3D000':
      return ['database-missing'];
    case '53300':
      // The limits of roles and databases are looked at by routines of their own; the rest is max_connections.
      return routine === 'CheckMyDatabase' || /^too many connections for database/.test(message)
        ? ['role-limit', 'database-limit']
        : routine === 'InitializeSessionUserId' || /^too many connections for/.test(message)
          ? ['role-limit']
          : ['too-many-clients'];
    case '57P01':
      return ['shutting-down'];
    case '57P02':
      return ['starting-up'];
    case '57P03':
      return /shutting down/.test(message)
        ? ['shutting-down']
        : /starting up|recovery|accepting connections/.test(message)
          ? ['starting-up']
          : ['starting-up', 'untold'];
    default:
      return (
        classOfPooler(message) ??
        (TLS.test(code) || TLS.test(message)
          ? ['tls', NO_TLS.test(message) ? 'no-tls' : WANTS_CERTIFICATE.test(message) ? 'wants-certificate' : undefined]
          : [classOfClient(message)])
      );
  }
}

/** "pg_hba.conf" is called that in every language. */
function classOfLogin({
  code,
  message,
  routine,
  encrypted,
}: Refusal): readonly [failureClass: PostgresClass, because?: Because] {
  if (message.includes('pg_hba.conf')) {
    return encrypted ? ['auth', 'no-hba-line'] : ['tls', 'wants-tls'];
  }
  return WANTS_CERTIFICATE.test(message) || (code === '28000' && routine === 'ClientAuthentication')
    ? ['tls', 'wants-certificate']
    : ['auth'];
}

const classOfClient = (message: string): PostgresClass =>
  /SASL|SCRAM|password must be a string/.test(message) ? 'auth' : 'unknown';

/** PgBouncer answers with 08P01 whatever it is; its messages are never translated. */
function classOfPooler(message: string): readonly [failureClass: PostgresClass] | undefined {
  return /transaction blocks not allowed in statement pooling mode/.test(message)
    ? ['pooler']
    : /^no such database/.test(message)
      ? ['database-missing']
      : /^(no such user|auth failed|password authentication failed)/.test(message)
        ? ['auth']
        : /^(no more connections allowed|client_login_timeout|query_wait_timeout)/.test(message)
          ? ['too-many-clients']
          : undefined;
}

export interface Asking {
  readonly user: string;
  readonly database: string;
  /** Connections that this service holds to that server as that role, one a target. */
  readonly sessions: number;
}

/** One a target, and two spare: the server may not have noticed yet that a session has ended. */
const limitFor = (sessions: number): number => sessions + 2;

/** What to do, by class and by what was said. */
export function mendPostgres({ class: failureClass, because }: Failure, { user, database, sessions }: Asking): string {
  const role = quoteName(user);
  switch (failureClass) {
    case 'refused':
      return 'Nothing listens there: start PostgreSQL, or correct host and port of the target.';
    case 'dns':
      return 'The host name does not resolve: correct the host of the target, or the resolver.';
    case 'timeout':
      return 'Check the network and firewalls between the service and the server, and locks on pg_authid or pg_database.';
    case 'tls':
      return mendTls(because);
    case 'auth':
      return because === 'unreadable'
        ? 'Let the user that runs the diagnostics service read passwordFile of the target.'
        : `Correct user and password of the target, and pg_hba.conf (it needs a line for this role, database and address); the role needs: CREATE ROLE ${role} LOGIN PASSWORD '…'; GRANT pg_monitor TO ${role};`;
    case 'database-missing':
      return `The database "${database}" does not exist: correct the target, or create it.`;
    case 'too-many-clients':
      return 'All connection slots are taken: see postgres.connections for who holds them, end idle ones with pg_terminate_backend(pid), then mend the pool that leaks or is too large.';
    case 'role-limit':
      return because === 'database-limit'
        ? `The limit of the database is reached, not the server's: ALTER DATABASE ${quoteName(database)} CONNECTION LIMIT …; raise it, or end sessions of it that nobody uses.`
        : `The limit of the role is reached, not the server's. This service needs one connection for each of its ${sessions} targets there, and spare ones: ALTER ROLE ${role} CONNECTION LIMIT ${limitFor(sessions)}; more if another service uses the role.`;
    case 'pooler':
      return 'A pooler in statement mode cannot keep what this service sets for itself apart from its other clients. Give the target the address of the server itself, or a database of the pooler with pool_mode = transaction or session.';
    case 'starting-up':
      return 'The server is starting or recovering: wait, and follow its log.';
    case 'shutting-down':
      return 'The server is being stopped: a smart shutdown waits for its clients; a fast one ends them.';
    case 'catalog-locked':
      return 'The server answers; new questions wait for a catalog of the system. Do not restart it: end the session that holds the lock, SELECT pg_terminate_backend(<pid>) in a session that is open already. What was it for? LOCK TABLE, VACUUM FULL and REINDEX of catalogs belong into a maintenance window.';
    case 'hung-postmaster':
      return 'The postmaster does not answer while open sessions do: it is stopped (SIGSTOP) or blocked. Look at its process state (ps -o stat,wchan) before restarting.';
    case 'hung':
      return 'The server takes connections and answers nothing: look at the process state (ps -o stat,wchan), the disks and the host.';
    default:
      return 'Read the message and the log of the server.';
  }
}

function mendTls(because: string | undefined): string {
  switch (because) {
    case 'wants-tls':
      return 'pg_hba.conf lets this role in from here over TLS at most: set `tls: true` for the target, or `tls: { caFile: … }` when a private authority signed its certificate. If it should be let in without, it needs a line of its own (host) for this role, database and address.';
    case 'wants-certificate':
      return 'The server wants a certificate of its client: set tls.certFile and tls.keyFile of the target; pg_hba.conf and pg_ident.conf say for which role it has to be.';
    case 'no-tls':
      return 'The server has no TLS: turn it on (ssl = on, with ssl_cert_file and ssl_key_file), or set `tls: false` for the target.';
    case 'unreadable':
      return 'Put the file there, or let the user that runs the diagnostics service read it.';
    default:
      return "The certificate is not accepted: name its authority in tls.caFile of the target, and in tls.serverName the name that it was made for, if that is not the target's host.";
  }
}
