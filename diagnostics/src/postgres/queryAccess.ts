/** What a query needs of the round: the session, and the names that are known of the server. */
import type { Ask } from './ask';
import type { Names } from './names';

export interface QueryAccess {
  /** One statement in the extended protocol, under the session's timeouts. */
  readonly ask: Ask;
  /** The same, and what `rawText` selects arrives as the bytes that the server has. */
  readonly askRaw: Ask;
  readonly names: Names;
  /** Server version as a number: 150018. */
  readonly version: number;
}
