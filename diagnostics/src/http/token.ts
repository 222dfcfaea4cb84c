import { createHash, timingSafeEqual } from 'node:crypto';

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();

/**
 * Does `Authorization` carry the token? Digests are compared, in constant time: neither the content nor the length of
 * the token can be measured.
 */
export function tokenGuard(token: string): (authorization: string | undefined) => boolean {
  const wanted = digest(token);
  return (authorization) => {
    const given = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
    // Without a token something is compared all the same, so that both ways take as long.
    const same = timingSafeEqual(digest(given ?? ''), wanted);
    return given !== undefined && same;
  };
}
