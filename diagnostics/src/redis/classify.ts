/** What Redis says instead of an answer, in the words of `redis.availability`. */
import type { Failure } from '../model/failure';
import { UnreadableFile } from '../model/targetFile';
import { describe, networkClass } from '../model/thrown';
import { tlsFailure } from '../model/tlsFailure';
import { isUnknownCommand } from './refusal';

export const REDIS_CLASSES = [
  ...['ok', 'refused', 'dns', 'timeout', 'tls', 'auth', 'no-permission', 'loading', 'busy', 'misconf', 'max-clients'],
  ...['master-down', 'hung', 'unknown'],
] as const;

export type RedisClass = (typeof REDIS_CLASSES)[number];

export interface RedisFailure extends Failure<RedisClass> {
  /** Set when what happened says more about the mend than the class does. */
  readonly mend?: string;
}

export function classifyRedis(error: unknown): RedisFailure {
  const { code, message } = describe(error);
  if (error instanceof UnreadableFile && error.key === 'passwordFile') {
    return {
      class: 'auth',
      message,
      mend: 'Let the user that runs the diagnostics service read passwordFile of the target.',
    };
  }
  const tls = tlsFailure(error);
  return tls === undefined
    ? { class: networkClass(code) ?? classOf(message), message, ...mendOf(message) }
    : { class: 'tls', ...tls };
}

function classOf(message: string): RedisClass {
  const word = /^-?([A-Z]+)\b/.exec(message)?.[1];
  switch (word) {
    case 'WRONGPASS':
    case 'NOAUTH':
    case 'DENIED':
      return 'auth';
    case 'NOPERM':
      return 'no-permission';
    case 'LOADING':
      return 'loading';
    case 'BUSY':
      return 'busy';
    case 'MISCONF':
      return 'misconf';
    case 'MASTERDOWN':
      return 'master-down';
    default:
      if (/max number of clients/i.test(message)) {
        return 'max-clients';
      }
      if (isUnknownCommand(message)) {
        return 'no-permission';
      }
      // Redis before 6, or a default user without a password that is given one.
      return /invalid password|without any password configured|invalid username-password|arguments for 'auth'/i.test(
        message
      )
        ? 'auth'
        : 'unknown';
  }
}

/** Where one class has several mends, what was said tells which. */
function mendOf(message: string): { mend: string } | undefined {
  if (/^BUSY.*FUNCTION KILL/.test(message)) {
    return {
      mend: 'A function runs and blocks everybody: FUNCTION KILL; if it has written already, only SHUTDOWN NOSAVE ends it, which loses what was not saved. FUNCTION STATS names it.',
    };
  }
  if (/^BUSY.*module/i.test(message)) {
    return {
      mend: 'A command of a module runs and blocks everybody: wait for its end; SHUTDOWN NOSAVE would lose what was not saved.',
    };
  }
  if (message.startsWith('DENIED')) {
    return {
      mend: 'The server is in protected mode and takes clients of its own host only: give its default user a password (or an ACL user to this service) and bind an address, rather than turn protected-mode off.',
    };
  }
  if (/arguments for 'auth'/i.test(message)) {
    return { mend: 'Redis before 6 has no users: leave `username` of the target out.' };
  }
  if (/without any password configured/i.test(message)) {
    return {
      mend: 'The default user of this server has no password: leave `password` of the target out, or make the user of redis.acl.',
    };
  }
  return undefined;
}

export function mendRedis(failureClass: string, user: string): string {
  switch (failureClass) {
    case 'refused':
      return 'Nothing listens there: start Redis, or correct host and port of the target.';
    case 'dns':
      return 'The host name does not resolve: correct the host of the target, or the resolver.';
    case 'timeout':
      return 'Check the network and firewalls between the service and the server.';
    case 'tls':
      return 'The handshake failed: set tls.caFile and tls.serverName of the target, or `tls: false` for a server without.';
    case 'auth':
      return `Correct username and password of the target ("${user}"); the ACL line that it needs is in the catalogue.`;
    case 'no-permission':
      return 'The server answers, and refuses this service the command: give its user the line of diagnostics/redis.acl, or undo the rename-command of that command.';
    case 'loading':
      return 'Redis reads its data from disk and answers when it is done: wait; INFO persistence has loading_eta_seconds.';
    case 'busy':
      return 'A script runs and blocks everybody: SCRIPT KILL; if it has written already, only SHUTDOWN NOSAVE ends it, which loses what was not saved.';
    case 'misconf':
      return 'The last save to disk failed, and Redis refuses writes: mend the disk (space, permissions, the directory), then BGSAVE. CONFIG SET stop-writes-on-bgsave-error no gives up durability.';
    case 'max-clients':
      return 'maxclients is reached: find who holds the connections with CLIENT LIST, mend that pool, then CLIENT KILL; CONFIG SET maxclients gives time.';
    case 'master-down':
      return 'This replica has lost its master and was told to serve no stale data (replica-serve-stale-data no): bring the master or the link back, see redis.replication.';
    case 'hung':
      return 'Redis takes connections and answers nothing: a long command or script, loading of much data, swapping, or a stopped process. Look at its process state, its log and SLOWLOG before restarting.';
    default:
      return 'Read the message and the log of the server.';
  }
}
