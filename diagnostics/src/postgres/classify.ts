/** Errors of connecting to Postgres, in the words of `postgres.availability`. */
import type { Failure } from '../model/failure';
import { UnreadableFile } from '../model/target-file';
import { describe, networkClass } from '../model/thrown';
import { quoteName } from './relation-name';

export const POSTGRES_CLASSES = [
  ...['ok', 'refused', 'dns', 'timeout', 'tls', 'auth', 'database-missing', 'too-many-clients', 'role-limit', 'pooler'],
  ...['starting-up', 'shutting-down', 'hung-postmaster', 'hung', 'unknown'],
] as const;

/** By SQLSTATE, or by the system's error code, and where one code means several things, by message. */
export function classifyPostgres(error: unknown): Failure {
  const { code, message } = describe(error);
  if (error instanceof UnreadableFile) {
    return { class: error.key === 'passwordFile' ? 'auth' : 'tls', message };
  }
  // A socket in a directory: there is none, or this user may not open it.
  if (code === 'ENOENT' || code === 'EACCES') {
    return { class: 'refused', message };
  }
  return { class: networkClass(code) ?? classOf(code, message), message };
}

/** What OpenSSL, Node and node-postgres say of a handshake that fails. */
const TLS =
  /^(ERR_TLS|ERR_SSL|CERT_|UNABLE_TO_|DEPTH_ZERO|SELF_SIGNED|HOSTNAME_MISMATCH|EPROTO)|^The server does not support SSL|certificate/;
/** A line of pg_hba.conf takes encrypted connections only, or wants to see a certificate. */
const WANTS_TLS = /no encryption|SSL off/;
const WANTS_CERTIFICATE =
  /valid client certificate|certificate authentication failed|alert (certificate required|handshake failure)/;

function classOf(code: string, message: string): string {
  switch (code) {
    case '28P01':
    case '28000':
      return WANTS_TLS.test(message) || WANTS_CERTIFICATE.test(message) ? 'tls' : 'auth';
    case '3D000':
      return 'database-missing';
    case '53300':
      // "too many connections for role …" and "… for database …" are limits of their own; the rest is max_connections.
      return /^too many connections for/.test(message) ? 'role-limit' : 'too-many-clients';
    case '57P01':
      return 'shutting-down';
    case '57P02':
      return 'starting-up';
    case '57P03':
      return /shutting down/.test(message) ? 'shutting-down' : 'starting-up';
    default:
      return classOfPooler(message) ?? (TLS.test(code) || TLS.test(message) ? 'tls' : classOfClient(message));
  }
}

const classOfClient = (message: string): string =>
  /SASL|SCRAM|password must be a string/.test(message) ? 'auth' : 'unknown';

/** PgBouncer answers with 08P01 whatever it is; its messages are never translated. */
function classOfPooler(message: string): string | undefined {
  return /transaction blocks not allowed in statement pooling mode/.test(message)
    ? 'pooler'
    : /^no such database/.test(message)
      ? 'database-missing'
      : /^(no such user|auth failed|password authentication failed)/.test(message)
        ? 'auth'
        : /^(no more connections allowed|client_login_timeout|query_wait_timeout)/.test(message)
          ? 'too-many-clients'
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
export function mendPostgres({ class: is, message }: Failure, { user, database, sessions }: Asking): string {
  const role = quoteName(user);
  switch (is) {
    case 'refused':
      return 'Nothing listens there: start PostgreSQL, or correct host and port of the target.';
    case 'dns':
      return 'The host name does not resolve: correct the host of the target, or the resolver.';
    case 'timeout':
      return 'Check the network and firewalls between the service and the server, and locks on pg_authid or pg_database.';
    case 'tls':
      return mendTls(message);
    case 'auth':
      return /cannot be read/.test(message)
        ? 'Let the user that runs the diagnostics service read passwordFile of the target.'
        : `Correct user and password of the target, and pg_hba.conf (only hostssl lines there: set tls); the role needs: CREATE ROLE ${role} LOGIN PASSWORD '…'; GRANT pg_monitor TO ${role};`;
    case 'database-missing':
      return `The database "${database}" does not exist: correct the target, or create it.`;
    case 'too-many-clients':
      return 'All connection slots are taken: see postgres.connections for who holds them, end idle ones with pg_terminate_backend(pid), then mend the pool that leaks or is too large.';
    case 'role-limit':
      return /for database/.test(message)
        ? `The limit of the database is reached, not the server's: ALTER DATABASE ${quoteName(database)} CONNECTION LIMIT …; raise it, or end sessions of it that nobody uses.`
        : `The limit of the role is reached, not the server's. This service needs one connection for each of its ${sessions} targets there, and spare ones: ALTER ROLE ${role} CONNECTION LIMIT ${limitFor(sessions)}; more if another service uses the role.`;
    case 'pooler':
      return 'A pooler in statement mode cannot keep what this service sets for itself apart from its other clients. Give the target the address of the server itself, or a database of the pooler with pool_mode = transaction or session.';
    case 'starting-up':
      return 'The server is starting or recovering: wait, and follow its log.';
    case 'shutting-down':
      return 'The server is being stopped: a smart shutdown waits for its clients; a fast one ends them.';
    case 'hung-postmaster':
      return 'The postmaster does not answer while open sessions do: it is stopped (SIGSTOP) or blocked. Look at its process state (ps -o stat,wchan) before restarting.';
    case 'hung':
      return 'The server takes connections and answers nothing: look at the process state (ps -o stat,wchan), the disks and the host.';
    default:
      return 'Read the message and the log of the server.';
  }
}

function mendTls(message: string): string {
  if (WANTS_TLS.test(message)) {
    return 'The server takes encrypted connections only: set `tls: true` for the target, or `tls: { caFile: … }` when a private authority signed its certificate.';
  }
  if (WANTS_CERTIFICATE.test(message)) {
    return 'The server wants a certificate of its client: set tls.certFile and tls.keyFile of the target; pg_hba.conf and pg_ident.conf say for which role it has to be.';
  }
  if (/does not support SSL/.test(message)) {
    return 'The server has no TLS: turn it on (ssl = on, with ssl_cert_file and ssl_key_file), or set `tls: false` for the target.';
  }
  if (/cannot be read/.test(message)) {
    return 'Put the file there, or let the user that runs the diagnostics service read it.';
  }
  return "The certificate is not accepted: name its authority in tls.caFile of the target, and in tls.serverName the name that it was made for, if that is not the target's host.";
}
