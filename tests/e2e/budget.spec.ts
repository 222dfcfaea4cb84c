import { expect, type Request } from '@playwright/test';
import { test } from './estateTest';
import { WAIT_MS } from './polling';

/** docs/budgets.md: one look at Triage costs at most this many requests to data sources, rules and the service. */
const REQUESTS = 8;
/** The first look also asks which packs and which estate the service has. */
const FIRST_REQUESTS = REQUESTS + 2;

/** One more look, as of a while before, follows a recovery: it is no part of the look at now. */
function isAboutThePast(request: Request, before: number): boolean {
  const { pathname, searchParams } = new URL(request.url());
  return pathname === '/api/ds/query'
    ? Number((request.postDataJSON() as { to: string }).to) < before
    : searchParams.has('at');
}

test('Triage asks little: few requests for all signals of all runbooks, at the first look and at each later one', async ({
  page,
  triage,
}) => {
  test.setTimeout(3 * WAIT_MS);
  const before = Date.now() - 5_000;
  let asked: string[] = [];
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    const counts = /^\/api\/(ds\/query|plugin-proxy\/|prometheus\/|datasources\/)/.test(pathname);
    if (counts && !isAboutThePast(request, before)) {
      asked.push(`${request.method()} ${pathname}`);
    }
  });
  const said = async () => Number(/(\d+) requests?/.exec(await triage.footer.innerText())?.[1]);

  /** The look is over, within the budget, and the page says what went over the wire. */
  const isSaid = (most: number) =>
    expect(async () => {
      await expect(triage.footer).toHaveAttribute('data-done', 'true', { timeout: 1 });
      expect(asked.length, asked.join('\n')).toBeGreaterThan(0);
      expect(asked.length, asked.join('\n')).toBeLessThanOrEqual(most);
      expect(await said(), asked.join('\n')).toBe(asked.length);
    }).toPass({ timeout: WAIT_MS / 4 });

  /** Looks again where an answer was later than the page waits for it, or a poll of the service fell into the look. */
  const looks = (look: () => Promise<void>, most: number) =>
    expect(async () => {
      asked = [];
      await look();
      await isSaid(most);
    }).toPass({ timeout: WAIT_MS });

  await looks(() => triage.goto({ refresh: '0' }), FIRST_REQUESTS);
  await looks(() => triage.refresh(), REQUESTS);
});
