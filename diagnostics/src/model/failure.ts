/** Why a server cannot be asked, in one word of a fixed list, and what that means for every other check. */
import { namedValue, type UnknownReason } from '@live-runbooks/engine';

export interface Failure<Class extends string = string> {
  /** One of the classes of the target's availability check. */
  readonly class: Class;
  /** One sentence without secrets. */
  readonly message: string;
  /** The cause, where a class has several: what to do depends on it. */
  readonly because?: string;
}

/** The failure as a person reads it, the words of the class and the message: "the connection is refused: connect ECONNREFUSED …". */
export function sayFailure({ class: failureClass, message }: Failure): string {
  const words = String(namedValue('class', failureClass));
  return message === '' || message === words ? words : `${words}: ${message}`;
}

/** Why a check was not asked: the failure that every client has. */
export const sayNotAsked = (failure: Failure): string => `not asked: ${sayFailure(failure)}`;

/** The resolver has not answered in time. That does not mean that the name does not exist. */
export const NOT_RESOLVED_IN_TIME = 'the host name is not resolved in time';

/** The reason that the other checks give when the server could not be asked at all. */
export function reasonOf(failureClass: string): UnknownReason {
  switch (failureClass) {
    case 'auth':
    case 'denied':
    case 'no-permission':
      return 'no-permission';
    case 'database-missing':
    case 'queue-missing':
    case 'key-missing':
    case 'blocked':
    case 'pooler':
      return 'not-configured';
    case 'timeout':
    case 'hung':
    case 'hung-postmaster':
    case 'busy':
    case 'loading':
      return 'timeout';
    default:
      return 'query-error';
  }
}
