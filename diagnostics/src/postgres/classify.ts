/** Errors of connecting to Postgres, in the words of `postgres.availability`. */
import type { Failure } from '../model/failure';
import { describe, networkClass } from '../model/thrown';

export const POSTGRES_CLASSES = [
  ...['ok', 'refused', 'dns', 'timeout', 'auth', 'database-missing', 'too-many-clients', 'role-limit'],
  ...['starting-up', 'shutting-down', 'hung-postmaster', 'hung', 'unknown'],
] as const;

/** By SQLSTATE, or by the system's error code, and where one code means several things, by message. */
export function classifyPostgres(error: unknown): Failure {
  const { code, message } = describe(error);
  return { class: networkClass(code) ?? classOf(code, message), message };
}

function classOf(code: string, message: string): string {
  switch (code) {
    case '28P01':
    case '28000':
      return 'auth';
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
      return /SASL|SCRAM|password must be a string/.test(message) ? 'auth' : 'unknown';
  }
}

/** What to do, by class. */
export function mendPostgres(failureClass: string, user: string, database: string): string {
  switch (failureClass) {
    case 'refused':
      return 'Nothing listens there: start PostgreSQL, or correct host and port of the target.';
    case 'dns':
      return 'The host name does not resolve: correct the host of the target, or the resolver.';
    case 'timeout':
      return 'Check the network and firewalls between the service and the server, and locks on pg_authid or pg_database.';
    case 'auth':
      return `Correct user and password of the target, and pg_hba.conf; the role needs: CREATE ROLE "${user}" LOGIN PASSWORD '…'; GRANT pg_monitor TO "${user}";`;
    case 'database-missing':
      return `The database "${database}" does not exist: correct the target, or create it.`;
    case 'too-many-clients':
      return 'All connection slots are taken: see postgres.connections for who holds them, end idle ones with pg_terminate_backend(pid), then mend the pool that leaks or is too large.';
    case 'role-limit':
      return `The limit of the role or the database is reached, not the server's: ALTER ROLE "${user}" CONNECTION LIMIT 3; and look for a second diagnostics service.`;
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
