import { createHash, timingSafeEqual } from 'node:crypto';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/** Why a request is not let in; also the label of the metric that counts them. */
export const REFUSALS = ['missing', 'malformed', 'repeated', 'wrong'] as const;
export type Refusal = (typeof REFUSALS)[number];

/**
 * Does `Authorization` carry the token? Undefined: yes. Digests are compared, in constant time: neither the content nor
 * the length of the token can be measured. `rawHeaders` are names and values in turn, as Node has them from the wire: it
 * would keep the first of several such headers and drop the rest, and a proxy before it perhaps the last.
 */
export function tokenGuard(tokenNow: () => string): (rawHeaders: readonly string[]) => Refusal | undefined {
  let token = tokenNow();
  let wanted = digest(token);
  return (rawHeaders) => {
    if (tokenNow() !== token) {
      token = tokenNow();
      wanted = digest(token);
    }
    const given = rawHeaders.filter((_, at) => at % 2 === 1 && rawHeaders[at - 1]?.toLowerCase() === 'authorization');
    const [first = ''] = given;
    const bearer = /^Bearer +(\S+)$/i.exec(first)?.[1];
    // Without a token something is compared all the same, so that both ways take as long.
    const same = timingSafeEqual(digest(bearer ?? ''), wanted);
    if (given.length > 1) {
      return 'repeated';
    }
    if (bearer === undefined) {
      return first === '' ? 'missing' : 'malformed';
    }
    return same ? undefined : 'wrong';
  };
}
