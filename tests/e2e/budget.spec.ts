import { expect } from '@playwright/test';
import { test } from './estateTest';

/** docs/ARCHITECTURE.md: one look at Triage costs at most this many requests to data sources, rules and the service. */
const REQUESTS = 8;

test('Triage asks little: few requests for all signals of all runbooks', async ({ page, triage }) => {
  const asked: string[] = [];
  // One more look, as of ten seconds or more before, follows a recovery: it is no part of the look at now.
  const before = Date.now() - 5_000;
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (pathname === '/api/ds/query' && Number((request.postDataJSON() as { to: string }).to) < before) {
      return;
    }
    if (/^\/api\/(ds\/query|plugin-proxy\/|prometheus\/|datasources\/)/.test(pathname)) {
      asked.push(`${request.method()} ${pathname}`);
    }
  });
  await triage.goto({ refresh: '0' });
  await triage.whole();
  await expect(triage.footer).toContainText(/\d+ of \d+ signals/);
  // what the page says of itself is what went over the wire for the evaluation
  const said = Number(/(\d+) requests?/.exec(await triage.footer.innerText())?.[1]);
  expect(said).toBeGreaterThan(0);
  expect(said).toBeLessThanOrEqual(REQUESTS);
  expect(asked.filter((each) => each.startsWith('POST /api/ds/query')).length).toBeLessThanOrEqual(said);
});
