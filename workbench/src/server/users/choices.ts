import type { IncomingMessage } from 'node:http';
import { userNamed, users, type User } from './users';

export type Theme = 'dark' | 'light';

const COOKIES = { as: 'workbench_as', theme: 'workbench_theme' } as const;

/** Who asks, by the cookie that `?as=` left. Without one it is Admin, as on a Grafana of one's own. */
export function userOf(request: IncomingMessage): User | undefined {
  const chosen = userNamed(cookie(request, COOKIES.as));
  return chosen === 'anonymous' ? undefined : (chosen ?? users.admin);
}

export function themeOf(request: IncomingMessage): Theme {
  return cookie(request, COOKIES.theme) === 'light' ? 'light' : 'dark';
}

/**
 * `?as=viewer` and `?theme=light` are kept in cookies and taken out of the address, so that the plugin never sees them.
 *
 * @returns where to go and what to keep; undefined when the address holds no choice
 */
export function choicesIn(url: URL): { location: string; cookies: string[] } | undefined {
  const cookies: string[] = [];
  const rest = new URL(url);
  for (const name of ['as', 'theme'] as const) {
    const value = url.searchParams.get(name);
    const known = name === 'as' ? userNamed(value ?? undefined) !== undefined : value === 'light' || value === 'dark';
    if (value !== null && known) {
      cookies.push(`${COOKIES[name]}=${value}; Path=/; SameSite=Lax; HttpOnly`);
      rest.searchParams.delete(name);
    }
  }
  return cookies.length > 0 ? { location: `${rest.pathname}${rest.search}`, cookies } : undefined;
}

function cookie(request: IncomingMessage, name: string): string | undefined {
  const pairs = (request.headers.cookie ?? '').split(';').map((pair) => pair.trim().split('='));
  return pairs.find(([key]) => key === name)?.[1];
}
