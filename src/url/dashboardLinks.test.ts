/** The links of the provisioned dashboard, filled in as Grafana 12.2 does it, against what the pages read of them. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PLUGIN_BASE_URL, ROUTES } from '../constants';
import { readPageUrl } from './pageUrl';
import { readRunbookUrl } from './links';

const NOW = Date.UTC(2026, 10, 21, 10, 8, 12);
const THEN = NOW - 3_600_000;

interface Link {
  readonly url: string;
  readonly keepTime?: boolean;
}

const text = readFileSync('dashboards/overview.json', 'utf8');
const links: Link[] = [];
JSON.parse(text, (_key, value: unknown) => {
  if (typeof value === 'object' && value !== null && 'url' in value && String(value.url).startsWith(PLUGIN_BASE_URL)) {
    links.push(value as Link);
  }
  return value;
});

/** `${__url_time_range}` is `from`, `to` and `timezone`; `keepTime` appends the same; a data link knows its point. */
function filled({ url, keepTime }: Link, range: string): URL {
  const said = url.replace('${__url_time_range}', range).replace('${__value.time}', String(THEN));
  return new URL(keepTime ? `${said}${said.includes('?') ? '&' : '?'}${range}` : said, 'http://grafana.invalid');
}

const isMoment = ({ url }: Link) => url.includes('${__value.time}');

describe('the links of the overview dashboard', () => {
  it('are on the dashboard, on every panel and on the points of lines', () => {
    expect(links.length).toBeGreaterThan(20);
    expect(links.some(isMoment)).toBe(true);
  });

  it('name a page of the app, with a time, and leave no variable unfilled', () => {
    for (const link of links) {
      const { pathname, search, href } = filled(link, 'from=now-30m&to=now&timezone=browser');
      expect(href).not.toMatch(/\$\{/);
      expect(pathname === `${PLUGIN_BASE_URL}/${ROUTES.triage}` || readRunbookUrl(href) !== undefined).toBe(true);
      expect(search).toMatch(/[?&](to|at)=/);
    }
  });

  it.each([
    ['a relative range', 'from=now-2h&to=now-1h&timezone=browser', THEN],
    ['an absolute range', `from=${THEN - 60_000}&to=${THEN}&timezone=utc`, THEN],
    ['an ISO range', `from=2026-11-21T08:00:00.000Z&to=${new Date(THEN).toISOString()}&timezone=utc`, THEN],
    ['the present', 'from=now-30m&to=now&timezone=browser', undefined],
  ])('keep the time of the dashboard: %s', (_name, range, at) => {
    for (const link of links) {
      const state = readPageUrl(filled(link, range).searchParams, NOW);
      expect(state, link.url).toMatchObject({ at: isMoment(link) ? THEN : at, unreadableTime: undefined });
    }
  });
});
