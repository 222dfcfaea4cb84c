/** Why a server cannot be asked, in one word of a fixed list, and what that means for every other check. */
import type { UnknownReason } from '@live-runbooks/engine';

export interface Failure {
  /** One of the classes of the target's availability check. */
  readonly class: string;
  /** One sentence without secrets. */
  readonly message: string;
  /** Of several things that the class may mean, the one that it is: what to do depends on it. */
  readonly because?: string;
}

/** No answer of the resolver yet, which is not the answer that there is no such name. */
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
