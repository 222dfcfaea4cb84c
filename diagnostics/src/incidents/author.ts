/**
 * Who did it: `X-Grafana-Context`, which Grafana's proxy sets for the signed-in user and replaces when a client sends one.
 * It is believed only because the request carried the service's token, which only the proxy knows. A header that is missing
 * or unreadable is "unknown", never guessed: a client can have the proxy drop it (`Connection: X-Grafana-Context`).
 */
import { z } from 'zod';
import type { Author } from './event';

const LONGEST = 16_384;

const context = z.object({
  Login: z.string().max(300),
  UserID: z.number(),
  OrgID: z.number().nullish(),
  OrgRole: z.string().max(50).nullish(),
  IsAnonymous: z.boolean().nullish(),
  IsServiceAccount: z.boolean().nullish(),
});

export function authorOf(header: string | readonly string[] | undefined): Author {
  if (header === undefined) {
    return { kind: 'unknown', why: 'no-header' };
  }
  const parsed = typeof header === 'string' && header.length <= LONGEST ? context.safeParse(json(header)) : undefined;
  if (parsed?.success !== true) {
    return { kind: 'unknown', why: 'unreadable-header' };
  }
  const { Login: login, UserID: userId, OrgID: orgId, OrgRole: role, IsAnonymous, IsServiceAccount } = parsed.data;
  if (IsAnonymous === true || login === '') {
    return { kind: 'anonymous', role: role ?? '' };
  }
  const kind = IsServiceAccount === true ? 'service-account' : 'user';
  return { kind, login, userId, orgId: orgId ?? null, role: role ?? '' };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
