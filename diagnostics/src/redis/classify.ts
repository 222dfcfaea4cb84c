/** What Redis says instead of an answer, in the words of `redis.availability`. */
import type { Failure } from '../model/failure';
import { describe, networkClass } from '../model/thrown';

export const REDIS_CLASSES = [
  ...['ok', 'refused', 'dns', 'timeout', 'auth', 'loading', 'busy', 'misconf', 'max-clients', 'hung', 'unknown'],
] as const;

export function classifyRedis(error: unknown): Failure {
  const { code, message } = describe(error);
  return { class: networkClass(code) ?? classOf(message), message };
}

function classOf(message: string): string {
  const word = /^-?([A-Z]+)\b/.exec(message)?.[1];
  switch (word) {
    case 'WRONGPASS':
    case 'NOAUTH':
      return 'auth';
    case 'LOADING':
      return 'loading';
    case 'BUSY':
      return 'busy';
    case 'MISCONF':
      return 'misconf';
    default:
      if (/max number of clients/i.test(message)) {
        return 'max-clients';
      }
      // Redis before 6, or a default user without a password that is given one.
      return /invalid password|without any password configured|invalid username-password/i.test(message)
        ? 'auth'
        : 'unknown';
  }
}

export function mendRedis(failureClass: string, user: string): string {
  switch (failureClass) {
    case 'refused':
      return 'Nothing listens there: start Redis, or correct host and port of the target.';
    case 'dns':
      return 'The host name does not resolve: correct the host of the target, or the resolver.';
    case 'timeout':
      return 'Check the network and firewalls between the service and the server.';
    case 'auth':
      return `Correct username and password of the target ("${user}"); the ACL line that it needs is in the catalogue.`;
    case 'loading':
      return 'Redis reads its data from disk and answers when it is done: wait; INFO persistence has loading_eta_seconds.';
    case 'busy':
      return 'A script runs and blocks everybody: SCRIPT KILL; if it has written already, only SHUTDOWN NOSAVE ends it, which loses what was not saved.';
    case 'misconf':
      return 'The last save to disk failed, and Redis refuses writes: mend the disk (space, permissions, the directory), then BGSAVE. CONFIG SET stop-writes-on-bgsave-error no gives up durability.';
    case 'max-clients':
      return 'maxclients is reached: find who holds the connections with CLIENT LIST, mend that pool, then CLIENT KILL; CONFIG SET maxclients gives time.';
    case 'hung':
      return 'Redis takes connections and answers nothing: a long command or script, swapping, or a stopped process. Look at its process state and SLOWLOG before restarting.';
    default:
      return 'Read the message and the log of the server.';
  }
}
