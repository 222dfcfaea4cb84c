/** What a server refuses to a check, and the statement that mends it. */
import { type UnknownReason, quote } from '@live-runbooks/engine';
import { Unanswered } from '../model/check';
import { describe } from '../model/thrown';
import { RedisSessionLost } from './session';
import { AnswerTooLarge } from './wire/parser';

interface Why {
  readonly reason: UnknownReason;
  readonly summary: string;
  readonly mend: string;
}

interface Asking {
  /** Name in the access control list. */
  readonly user: string;
  /** What the check needs: `+slowlog|get +slowlog|len`. */
  readonly privilege: string;
}

const UNKNOWN_COMMAND = /^(?:ERR )?unknown (?:sub)?command(?:[ ,:]*['`]([^'`]*)['`])?/i;
const UNKNOWN_SUBCOMMAND = /^(?:ERR )?unknown subcommand or wrong number of arguments for '([^']*)'/i;

/** Commands may be renamed or disabled (`rename-command`), and managed services leave some out. */
export const isUnknownCommand = (message: string): boolean =>
  UNKNOWN_COMMAND.test(message) || UNKNOWN_SUBCOMMAND.test(message);

/** Why a check knows nothing, in words, with what to do. */
export function explainRefusal(error: unknown, { user, privilege }: Asking): Why {
  if (error instanceof Unanswered) {
    return { reason: error.reason, summary: error.message, mend: error.mend.replaceAll('{user}', quote.redis(user)) };
  }
  const { message } = describe(error);
  if (message.startsWith('NOPERM')) {
    return { reason: 'no-permission', summary: message, mend: grant(user, missingRules(message, privilege)) };
  }
  if (isUnknownCommand(message)) {
    const command = (UNKNOWN_COMMAND.exec(message)?.[1] ?? UNKNOWN_SUBCOMMAND.exec(message)?.[1] ?? '').toUpperCase();
    return {
      reason: 'no-permission',
      summary: `the server has no command ${command}: ${message}`,
      mend: `${command} is renamed or disabled there: take \`rename-command ${command}\` out of redis.conf and restart it, or ask the provider. Without it this check knows nothing; \`enabled: false\` leaves the check out.`,
    };
  }
  const moved = movedTo(message);
  if (moved !== undefined) {
    return {
      reason: 'not-configured',
      summary: `the key belongs to the node ${moved} of the cluster`,
      mend: `Make ${moved} a target, and name the key there.`,
    };
  }
  if (message.startsWith('CLUSTERDOWN')) {
    return {
      reason: 'query-error',
      summary: message,
      mend: 'The cluster does not serve this slot: see redis.cluster.',
    };
  }
  if (error instanceof RedisSessionLost) {
    return { reason: 'timeout', summary: `no answer: ${message}`, mend: 'The next round opens a new connection.' };
  }
  if (error instanceof AnswerTooLarge) {
    return {
      reason: 'query-error',
      summary: message,
      mend: 'The answer is larger than this service reads; nothing is wrong with the connection.',
    };
  }
  return { reason: 'query-error', summary: message, mend: 'Read the message and the log of the server.' };
}

/** `MOVED 3999 10.0.0.7:6379` → `10.0.0.7:6379`; undefined for every other message. */
export const movedTo = (message: string): string | undefined => /^(?:MOVED|ASK) \d+ (\S+)/.exec(message)?.[1];

const grant = (user: string, rules: string): string => `ACL SETUSER ${quote.redis(user)} ${rules}`;

/** The rules that a refusal asks for: "… has no permissions to run the 'slowlog|get' command". */
function missingRules(message: string, privilege: string): string {
  const command = /run the '([a-z0-9|._-]+)' command/i.exec(message)?.[1]?.toLowerCase();
  if (command === undefined) {
    return /access (?:one of the keys|a key)/.test(message) ? '%R~*' : privilege;
  }
  // Redis 6 names the command alone, where a check needs some of its subcommands.
  const needed = privilege.split(' ').filter((rule) => rule.startsWith(`+${command}|`));
  return needed.length > 0 ? needed.join(' ') : `+${command}`;
}
