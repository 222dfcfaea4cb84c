/**
 * Who did it: `X-Grafana-Context`, which Grafana's proxy sets for the signed-in user and replaces when a client sends one.
 * It is believed only because the request carried the service's token, which only the proxy knows. A header that is missing
 * or unreadable is "unknown", never guessed: a client can have the proxy drop it (`Connection: X-Grafana-Context`).
 */
import type { FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ApiError } from '../http/errors';
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

/** Who writes. With `requireIdentity` somebody has to be named. Errors: `ApiError`. */
export function writerOf(request: FastifyRequest, requireIdentity: boolean): Author {
  const author = authorOf(request.headers['x-grafana-context']);
  if (requireIdentity && author.kind === 'unknown') {
    throw new ApiError(
      403,
      'no-identity',
      'the request does not say who writes',
      'Write through Grafana, which names the signed-in user; where something else writes, set `requireIdentity: false`.'
    );
  }
  return author;
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
