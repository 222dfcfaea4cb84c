/** Why a check could not be answered, with the statement that mends it. */
import { Unanswered, type toUnknown } from '../model/check';
import { describe } from '../model/thrown';
import { sayCatalogLock } from './catalogLocks';
import type { PostgresCheckContext } from './context';
import { quoteName } from './relationName';
import { SessionLost } from './session';
import { LOCKED, REFUSED, TOO_SLOW } from './sqlstate';

/** Undefined: an error that is not of Postgres. */
export async function explainError(
  error: unknown,
  privilege: string,
  context: PostgresCheckContext
): Promise<Parameters<typeof toUnknown>[1] | undefined> {
  if (error instanceof Unanswered) {
    return undefined;
  }
  if (error instanceof SessionLost) {
    return {
      reason: 'timeout',
      summary: `no answer: ${error.message}`,
      mend: 'The next round opens a new session; if it recurs, see postgres.availability.',
    };
  }
  const { code, message } = describe(error);
  switch (code) {
    case REFUSED: {
      // What to grant depends on what this role may do by now.
      await context.names.refresh(context.askRaw);
      const { user, readsAllStats } = context.names;
      return {
        reason: 'no-permission',
        summary: message,
        mend:
          exactGrant(message, user, readsAllStats) ??
          `As an administrator, for the role ${quoteName(user)}: ${privilege}`,
      };
    }
    case LOCKED: {
      const [held] = await context.shared.catalogLocks().catch(() => []);
      return {
        reason: 'timeout',
        summary:
          held === undefined
            ? `a lock is in the way, and is gone meanwhile: ${message}`
            : `a lock on a system catalog is in the way: ${sayCatalogLock(held)}`,
        mend:
          held?.pid == null
            ? 'Ask again; see postgres.blocking for who holds AccessExclusiveLock, and pg_prepared_xacts.'
            : `SELECT pg_terminate_backend(${held.pid}); in a session that is open already, after asking what it is for.`,
      };
    }
    case TOO_SLOW:
      return {
        reason: 'timeout',
        summary: 'the server did not answer within the statement timeout',
        mend: 'The server is slow, or its catalogs are very large; see its load.',
      };
    default:
      return {
        reason: 'query-error',
        summary: `${message}${code === '' ? '' : ` (${code})`}`,
        mend: 'Read the message; if it does not speak of your server, it is a defect of this check.',
      };
  }
}

/** The grant of a function that pg_monitor may call: the role lacks pg_monitor, or the right was revoked from pg_monitor. */
function exactGrant(message: string, user: string, isMonitor: boolean): string | undefined {
  const [, called] = /^permission denied for function (pg_ls_\w+)$/.exec(message) ?? [];
  return called === undefined
    ? undefined
    : isMonitor
      ? `GRANT EXECUTE ON FUNCTION ${called}() TO ${quoteName(user)};`
      : `GRANT pg_monitor TO ${quoteName(user)};`;
}
