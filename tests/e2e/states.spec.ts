/** What Triage and Runbook say when they cannot see: never that nothing is wrong, always what is not known and how to mend it. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from '@playwright/test';
import { HEADLINES } from '../../src/words/verdict';
import { healthyEstate, test } from './estateTest';
import { SAYS_HEALTHY, TriagePage } from './pages/TriagePage';
import { type ServiceBetween, deadAddress, startServiceBetween } from './serviceBetween';
import { WAIT_MS } from './polling';
import { recordVerdicts } from './verdictsSeen';

const recorded = (name: string): { response: { status: number; body: unknown } } =>
  JSON.parse(readFileSync(path.join(__dirname, '../contracts/recorded/grafana-12.2.0', `${name}.json`), 'utf8'));

/** Asked again and again: what came too late on a busy machine comes the next time. */
const AGAIN = { refresh: '2' };

test.skip(!process.env.ESTATE_CONTROL_URL, 'the settings of a real Grafana are left alone');

let between: ServiceBetween | undefined;
test.afterEach(() => {
  between?.close();
  between = undefined;
});

test.beforeAll(async ({ browser }) => {
  test.setTimeout(2 * WAIT_MS);
  const page = await browser.newPage({ baseURL: process.env.ESTATE_WORKBENCH_URL });
  await healthyEstate(new TriagePage(page));
  await page.close();
});

/** The evaluation ended, and at no moment did the page say that nothing is wrong. */
async function neverGreen(triage: TriagePage, verdicts: () => Promise<readonly string[]>): Promise<void> {
  await triage.whole();
  await expect(triage.word).not.toHaveText(HEADLINES.healthy.word);
  const seen = await verdicts();
  expect(seen.length).toBeGreaterThan(0);
  expect(
    seen.filter((verdict) => verdict.startsWith('good') || verdict.endsWith(`: ${HEADLINES.healthy.word}`))
  ).toEqual([]);
}

/** The list behind "Not checked" names why, and what to do. */
async function notCheckedSays(triage: TriagePage, ...says: RegExp[]): Promise<void> {
  await triage.notCheckedToggle.click();
  for (const words of says) {
    await expect(triage.verdict).toContainText(words);
  }
}

test('the diagnostics service is unreachable; once it is back, Retry is enough', async ({ page, triage, settings }) => {
  const verdicts = await recordVerdicts(page);
  await settings.change({ diagnosticsUrl: await deadAddress() });
  await triage.goto({ refresh: '0' });
  await neverGreen(triage, verdicts);
  await expect(triage.banners).toContainText(
    'The diagnostics service cannot be reached, so what it sees is not checked.'
  );
  await expect(triage.banners).toContainText('start it, and check its URL on the app');
  await expect(triage.source('diagnostics')).toHaveAttribute('data-word', 'unreachable');
  await expect(triage.source('prometheus')).toHaveAttribute('data-word', 'answers');
  await expect(triage.runbook('gorax/lock-contention')).toHaveAttribute('data-state', 'unknown');
  await notCheckedSays(triage, /The query failed/, /Grafana cannot reach the diagnostics service: start it/);

  await settings.restore();
  // Longer than the page waits for an answer: a banner that is still there then says that it came too late.
  await expect(async () => {
    await triage.retry.click();
    await expect(triage.banners).toHaveCount(0, { timeout: 30_000 });
  }).toPass({ timeout: WAIT_MS });
  await expect(triage.runbook('gorax/lock-contention')).toHaveAttribute('data-state', 'healthy');
  await expect(triage.source('gorax-postgres')).toHaveAttribute('data-word', 'up');
});

test('the diagnostics service refuses the token', async ({ page, triage, settings }) => {
  between = await startServiceBetween({ authorization: 'Bearer not-the-token' });
  const verdicts = await recordVerdicts(page);
  await settings.change({ diagnosticsUrl: between.url });
  await triage.goto(AGAIN);
  await neverGreen(triage, verdicts);
  await expect(triage.banners).toContainText('The diagnostics service refuses to answer');
  await expect(triage.banners).toContainText("set the service's token on the app's configuration page");
  await expect(triage.banners.getByRole('link', { name: "the app's configuration page" })).toBeVisible();
  await expect(triage.source('diagnostics')).toHaveAttribute('data-word', 'not permitted');
  await notCheckedSays(triage, /Not permitted/);
  await expect(page.locator('body')).not.toContainText('not-the-token');
});

test('a role without the permission: said, with whom to ask, and the rest is judged', async ({ page, triage }) => {
  const denied = recorded('proxy-undeclared-action-as-viewer').response;
  expect(denied.status).toBe(403);
  await page.route('**/api/plugin-proxy/**', (route) => route.fulfill({ status: 403, json: denied.body }));
  const verdicts = await recordVerdicts(page);
  await triage.goto({ ...AGAIN, as: 'viewer' });
  await neverGreen(triage, verdicts);
  await expect(triage.banners).toContainText('The diagnostics service refuses to answer');
  await expect(triage.banners).toContainText('Ask a Grafana administrator for the permission');
  await expect(triage.banners.getByRole('link', { name: 'Open the configuration' })).toHaveCount(0);
  await expect(triage.runbook('sqlstudio/high-latency')).toHaveAttribute('data-state', 'healthy');
  await notCheckedSays(triage, /Not permitted/, /Diagnostics reader/);
});

test('the Prometheus data source does not exist', async ({ page, triage, settings }) => {
  const verdicts = await recordVerdicts(page);
  await settings.change({ prometheusUid: 'no-such-source' });
  await triage.goto(AGAIN);
  await neverGreen(triage, verdicts);
  await expect(triage.banners).toContainText('Prometheus is not configured');
  await expect(triage.banners).toContainText('There is no data source (uid “no-such-source”)');
  await expect(triage.source('prometheus')).toHaveAttribute('data-word', 'not configured');
  await expect(triage.runbook('gorax/api-errors')).toHaveAttribute('data-state', 'unknown');
  await expect(triage.runbook('gorax/lock-contention')).toHaveAttribute('data-state', 'healthy');
  await notCheckedSays(triage, /Not configured/, /choose an existing one on the app's configuration page/);
});

test('Prometheus answers errors for some queries: the others count', async ({ page, triage }) => {
  const failed = recorded('query-prometheus-one-of-two-fails').response;
  const { bad } = (failed.body as { results: Record<string, { error: string }> }).results;
  const broken: string[] = [];
  await page.route('**/api/ds/query', async (route) => {
    const { queries } = route.request().postDataJSON() as { queries: Array<{ refId: string; expr: string }> };
    const hit = queries.filter(({ expr }) => expr.includes('status=~"5.."')).map(({ refId }) => refId);
    const answer = await route.fetch();
    if (hit.length === 0) {
      return route.fulfill({ response: answer });
    }
    broken.push(...hit);
    const { results } = (await answer.json()) as { results: Record<string, unknown> };
    const json = { results: { ...results, ...Object.fromEntries(hit.map((refId) => [refId, bad])) } };
    return route.fulfill({ status: failed.status, json });
  });
  const verdicts = await recordVerdicts(page);
  await triage.goto(AGAIN);
  await neverGreen(triage, verdicts);
  expect(broken.length).toBeGreaterThan(1);
  await expect(triage.banners).toHaveCount(0);
  await expect(triage.runbook('gorax/api-errors')).not.toHaveAttribute('data-state', 'healthy');
  await expect(triage.runbook('gorax/slow-queries')).toHaveAttribute('data-state', 'healthy');
  await notCheckedSays(triage, /The query failed/, /expected type range vector in call to function/);
});

test('a metric that does not exist has no series, and is not zero', async ({ page, triage, runbook }) => {
  const nameless = { ...AGAIN, 'var-http_requests': 'no_such_requests_total' };
  const verdicts = await recordVerdicts(page);
  await triage.goto(nameless);
  await neverGreen(triage, verdicts);
  await expect(triage.runbook('gorax/api-errors')).not.toHaveAttribute('data-state', 'healthy');
  await notCheckedSays(triage, /No data/, /Share of requests answered with 5xx/);

  await runbook.goto('gorax', 'api-errors', nameless);
  await runbook.whole();
  await expect(runbook.word).not.toHaveText(HEADLINES.healthy.word);
  await expect(runbook.parameter('http_requests')).toHaveValue('no_such_requests_total');
  await runbook.expand('bad-deploy');
  const ratio = runbook.evidence('bad-deploy', 'http-5xx-ratio');
  await expect(ratio).toHaveAttribute('data-state', 'unknown');
  await expect(ratio).not.toContainText(/\b0\b/);
});

test('Loki is not configured: what only logs can tell is listed as not checked', async ({ triage, settings }) => {
  await settings.change({ lokiUid: '' });
  await triage.goto(AGAIN);
  await triage.whole();
  await expect(triage.source('loki')).toHaveAttribute('data-word', 'not configured');
  await expect(triage.banners).toHaveCount(0);
  await expect(triage.notChecked).toContainText(/^\s*[1-9]\d* of \d+ signals/);
  await notCheckedSays(triage, /Not configured/, /Choose the Loki data source on the app's configuration page/);
});

test('nothing can be asked: every runbook says so, and no cause is suspected or cleared', async ({
  page,
  triage,
  settings,
}) => {
  const verdicts = await recordVerdicts(page);
  await settings.change({ diagnosticsUrl: await deadAddress(), prometheusUid: 'no-such-source' });
  await triage.goto(AGAIN);
  await neverGreen(triage, verdicts);
  await expect(triage.word).toHaveText('Cannot assess');
  await expect(triage.banners).toHaveCount(2);
  const states = await triage.runbooks
    .locator('[data-runbook]')
    .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-state')));
  expect(states.length).toBeGreaterThan(5);
  expect(new Set(states)).toEqual(new Set(['unknown']));
  await expect(triage.suspects).toHaveCount(0);
  await expect(triage.footer).toContainText(/^0 of \d+ signals/);
  await expect(page.getByText('Too little could be checked to name a cause.')).toBeVisible();
});

test('slow answers: what is known shows at once, with progress, and health is not claimed before the last', async ({
  page,
  triage,
  settings,
}) => {
  let release = () => undefined as void;
  between = await startServiceBetween({ until: new Promise((resolve) => (release = resolve)) });
  await settings.change({ diagnosticsUrl: between.url });
  const verdicts = await recordVerdicts(page);
  // All this is to be seen before the page gives up on the service, so a page that was too slow is opened anew.
  const inTime = { timeout: 8_000 };
  await expect(async () => {
    await triage.goto(AGAIN);
    await expect(triage.sentence).toContainText(/Nothing suspicious so far; \d+ of \d+ signals are known/, inTime);
    await expect(triage.word).toHaveText('Checking', inTime);
    await expect(triage.verdict).toHaveAttribute('aria-busy', 'true', inTime);
    await expect(triage.footer).toContainText(/[1-9]\d* of \d+ queries answered/, inTime);
    await expect(triage.runbook('sqlstudio/high-latency')).toHaveAttribute('data-state', 'healthy', inTime);
  }).toPass({ timeout: WAIT_MS });
  expect((await verdicts()).filter((verdict) => verdict.startsWith('good'))).toEqual([]);
  release();
  await triage.whole();
  await expect(triage.runbook('gorax/lock-contention')).toHaveAttribute('data-state', 'healthy');
  await expect(triage.word).toHaveText(SAYS_HEALTHY);
});

test('an answer that never comes is said to be late', async ({ page, triage, settings }) => {
  between = await startServiceBetween({ until: new Promise(() => undefined) });
  await settings.change({ diagnosticsUrl: between.url });
  const verdicts = await recordVerdicts(page);
  await triage.goto(AGAIN);
  await expect(triage.verdict).toHaveAttribute('aria-busy', 'false');
  await neverGreen(triage, verdicts);
  await notCheckedSays(triage, /No answer in time/, /Check the load of the diagnostics service/);
});

test('answers that cannot be read: of the service, and of Prometheus', async ({ page, triage, settings }) => {
  between = await startServiceBetween({ body: '{"rounds": [{"target": "gorax-pos' });
  await settings.change({ diagnosticsUrl: between.url });
  const verdicts = await recordVerdicts(page);
  await triage.goto(AGAIN);
  await neverGreen(triage, verdicts);
  await expect(triage.runbook('gorax/lock-contention')).toHaveAttribute('data-state', 'unknown');
  await notCheckedSays(
    triage,
    /The answer was cut off or changed on its way: refresh; if it stays, check the diagnostics/
  );

  await page.route('**/api/ds/query', (route) =>
    route.fulfill({ status: 200, contentType: 'application/json', body: '{"results": {"a' })
  );
  await triage.goto(AGAIN);
  await neverGreen(triage, verdicts);
  await expect(triage.word).toHaveText('Cannot assess');
  await notCheckedSays(triage, /The answer was cut off or changed on its way: refresh; if it stays, check the proxy/);
});

test('the address of the service leads to a web page: told from a service that is gone, and from a sign-in', async ({
  triage,
  settings,
}) => {
  between = await startServiceBetween({ type: 'text/html', body: '<!doctype html><title>Shop</title>' });
  await settings.change({ diagnosticsUrl: between.url });
  await triage.goto(AGAIN);
  await triage.whole();
  await expect(triage.banners).toContainText('The diagnostics URL answers with a web page, not with the service');
  await expect(triage.banners.getByRole('link', { name: "the app's configuration page" })).toBeVisible();
});

test('the packs cannot be fetched: said, and Retry fetches them', async ({ page, triage }) => {
  const isPack = (url: URL) => /\/packs?[-.\w]*\.js$/.test(url.pathname);
  const refused: string[] = [];
  await page.route(isPack, (route) => {
    refused.push(route.request().url());
    return route.abort();
  });
  await page.goto('/a/liverunbooks-troubleshooting-app/triage');
  await expect(triage.banners).toContainText('The runbooks could not be loaded');
  expect(refused.length).toBeGreaterThan(0);
  await page.unroute(isPack);
  await triage.retry.click();
  await expect(triage.word).toBeVisible();
});

test('a runbook that does not exist says so and leads to those that do', async ({ page, runbook }) => {
  await runbook.goto('gorax', 'no-such-runbook');
  await expect(runbook.notFound).toContainText('There is no runbook “gorax/no-such-runbook”');
  await runbook.notFound.getByRole('link', { name: 'All runbooks' }).click();
  await page.waitForURL('**/runbooks');
});
