/** Each page for itself, on a healthy estate: what it shows, what it can be asked, and how it is reached. */
import { expect, type Locator, type Page } from '@playwright/test';
import { PLUGIN_ID } from '../../src/constants';
import { testIds } from '../../src/components/testIds';
import { deadAddress, startServiceBetween } from './serviceBetween';
import { healthyEstate, test } from './estateTest';
import { clearFaults, injectFault } from './faults';
import { listenTo } from './heard';
import { textsOverTheirBox } from './overflow';
import { SAYS_HEALTHY, TriagePage, type TriageReading } from './pages/TriagePage';
import { WAIT_MS, askedInTurn } from './polling';

test.skip(!process.env.ESTATE_CONTROL_URL, 'what is expected here is the demo estate');

/** The estate has no Loki, and the page says so: what asks it anyway is refused. */
const NO_LOKI = /^404 \/api\/(ds\/query|prometheus\/loki\/api\/v1\/rules)$/;

test.beforeAll(async ({ browser }) => {
  test.setTimeout(2 * WAIT_MS);
  const page = await browser.newPage({ baseURL: process.env.ESTATE_WORKBENCH_URL });
  await healthyEstate(new TriagePage(page));
  await page.close();
});

/** Presses Tab until the wanted element has the focus. */
async function tabTo(page: Page, wanted: Locator): Promise<void> {
  for (let presses = 0; presses < 80; presses++) {
    await page.keyboard.press('Tab');
    if (await wanted.evaluate((element) => element === document.activeElement)) {
      return;
    }
  }
  throw new Error(`Tab does not reach ${wanted}`);
}

test('the index lists every runbook, finds by cause, alert and section, and says when nothing matches', async ({
  page,
}) => {
  const rows = page.getByTestId(testIds.runbooks.row);
  const search = page.getByRole('textbox', { name: 'Search runbooks' });
  const shown = () => rows.evaluateAll((all) => all.map((row) => row.getAttribute('data-runbook')));
  await page.goto(`/a/${PLUGIN_ID}/runbooks`);
  await rows.first().waitFor();
  const all = await shown();
  expect(all.length).toBeGreaterThanOrEqual(10);
  expect(new Set(all).size).toBe(all.length);

  await search.fill('LockWaits');
  await expect(rows).toHaveCount(1);
  expect(await shown()).toEqual(['gorax/lock-contention']);
  await expect(page).toHaveURL(/q=LockWaits/);
  await page.reload();
  await expect(rows).toHaveCount(1);
  await search.fill('G18');
  await expect(rows.first()).toHaveAttribute('data-runbook', 'gorax/lock-contention');

  await search.fill('no runbook has these words');
  await expect(page.getByTestId(testIds.runbooks.empty)).toContainText(
    'No runbook mentions “no runbook has these words”'
  );
  await page.getByRole('button', { name: 'Clear the search' }).click();
  await expect(rows).toHaveCount(all.length);
  await page.getByRole('link', { name: 'Lock contention' }).click();
  await page.waitForURL('**/runbooks/gorax/lock-contention');
});

test('evidence opens its plot on demand: only then is the code for plots fetched', async ({ page, runbook }) => {
  const heard = listenTo(page);
  await runbook.goto('gorax', 'api-errors', { refresh: '2' });
  await runbook.whole();
  await runbook.expand('bad-deploy');
  const evidence = runbook.evidence('bad-deploy', 'http-5xx-ratio');
  await expect(evidence).toHaveAttribute('data-state', 'absent');
  await expect(runbook.plot).toHaveCount(0);
  const before = heard.scripts.length;
  expect(before).toBeGreaterThan(2);
  await evidence.getByRole('button').click();
  await expect(evidence.getByTestId(testIds.runbook.evidenceDetail)).toContainText('gorax_http_requests_total');
  await expect(runbook.plot.locator('canvas')).toBeVisible();
  expect(heard.scripts.length).toBeGreaterThan(before);
  await evidence.getByRole('button').first().click();
  await expect(runbook.plot).toHaveCount(0);
  expect(heard.errors).toEqual([]);
});

/** For how many looks, taken a second apart, Triage says what is wanted before its moments are asked for as the past. */
const LOOKS = 8;

/**
 * Moments in which Triage said what is wanted, those in the middle first. On the edge of a window, or in a second in
 * which the processes get no CPU time, the past is rightly judged otherwise: not every moment has to be judged alike.
 * Returns: ms since the epoch, in whole seconds, as the field for the time shows them.
 */
async function momentsSeen(triage: TriagePage, wanted: (reading: TriageReading) => boolean): Promise<number[]> {
  const moments: number[] = [];
  const look = async () => {
    if (wanted(await triage.read())) {
      moments.push(Math.floor(Date.now() / 1000) * 1000);
    }
    return moments.length;
  };
  await askedInTurn(`${LOOKS} looks as wanted`, WAIT_MS, look, (looks) => looks >= LOOKS, 1000);
  const middle = (moments[0]! + moments.at(-1)!) / 2;
  return moments.sort((one, other) => Math.abs(one - middle) - Math.abs(other - middle));
}

test('a moment of the past: what Prometheus recorded is judged, what only the service sees is not known', async ({
  page,
  triage,
  runbook,
}) => {
  test.setTimeout(4 * WAIT_MS);
  const wanted = 'gorax/api-errors/bad-deploy';
  const isFirst = ({ suspects }: TriageReading) => suspects[0]?.includes(wanted) ?? false;
  const locks = triage.runbook('gorax/lock-contention');
  await triage.goto({ refresh: '2' });
  await injectFault('bad-deploy');
  let moments: number[];
  try {
    moments = await momentsSeen(triage, isFirst);
  } finally {
    await clearFaults();
  }
  await healthyEstate(triage);
  // a moment that is hardly gone counts as now
  await expect.poll(() => Date.now() - Math.max(...moments), { timeout: WAIT_MS }).toBeGreaterThan(20_000);

  const goBackTo = async (moment: number) => {
    await triage.goto({ at: String(moment) });
    await triage.whole();
  };
  let asked = 0;
  let then = NaN;
  const judgedAsThen = async () => {
    then = moments[asked++ % moments.length]!;
    await goBackTo(then);
    return { ...(await triage.read()), locks: await locks.getAttribute('data-state') };
  };
  await askedInTurn(
    `${wanted} in first place of the past, and lock contention healthy`,
    WAIT_MS,
    judgedAsThen,
    (reading) => isFirst(reading) && reading.locks === 'healthy'
  );
  // the flight recorder answers for the service, so what it saw then is known
  await expect(page.getByText('The diagnostics service shows what it recorded then.')).toBeVisible();
  await expect(page.getByText('Source health shows the present.')).toBeVisible();
  await expect(triage.footer).toContainText('as it was at');

  await test.step('Before anything was recorded, the service is not known', async () => {
    await goBackTo(then - 48 * 3_600_000);
    await expect(locks).not.toHaveAttribute('data-state', 'healthy');
    await expect(triage.word).not.toHaveText(SAYS_HEALTHY);
    await goBackTo(then);
  });

  await test.step('Open runbook is reached and followed by keyboard, and stays in the past', async () => {
    await page.locator('body').click({ position: { x: 1, y: 1 } });
    await tabTo(page, triage.open);
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(new RegExp(`/runbooks/gorax/api-errors\\?at=${then}`));
    await runbook.whole();
    await expect(runbook.cause('bad-deploy')).toHaveAttribute('data-rank', '1');
  });

  await test.step('Back to now judges the present again', async () => {
    await page.getByRole('button', { name: 'Back to now', exact: true }).click();
    await expect(page).not.toHaveURL(/at=/);
    await expect(runbook.word).toHaveText(/^Nothing wrong/);
  });
});

test('the main ways work by keyboard', async ({ page, triage, runbook }) => {
  await triage.goto({ refresh: '0' });
  await triage.whole();
  await tabTo(page, triage.notCheckedToggle);
  await page.keyboard.press('Enter');
  await expect(triage.notCheckedToggle).toHaveAttribute('aria-expanded', 'true');
  await tabTo(page, triage.runbook('gorax/lock-contention').getByRole('link'));
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/runbooks\/gorax\/lock-contention/);
  await runbook.whole();
  const cause = runbook.cause('idle-in-transaction').getByRole('button').first();
  await tabTo(page, cause);
  await page.keyboard.press('Enter');
  await expect(cause).toHaveAttribute('aria-expanded', 'true');
});

test.describe('configuration', () => {
  const state = (result: Locator, source: string) => result.locator(`[data-source="${source}"]`);

  test('the test says that everything answers, and what the service looks at', async ({ configuration }) => {
    await configuration.goto();
    await configuration.test.click();
    await expect(state(configuration.testResult, 'diagnostics')).toHaveAttribute('data-state', 'reachable');
    await expect(state(configuration.testResult, 'diagnostics')).toContainText('Postgres of Gorax (postgres)');
    await expect(state(configuration.testResult, 'prometheus')).toHaveAttribute('data-state', 'reachable');
    await expect(state(configuration.testResult, 'loki')).toHaveAttribute('data-state', 'missing');
  });

  test('a wrong token and a dead address are told apart, each with what to do', async ({ configuration, settings }) => {
    const between = await startServiceBetween({ authorization: 'Bearer not-the-token' });
    try {
      await settings.change({ diagnosticsUrl: between.url });
      await configuration.goto();
      await configuration.test.click();
      const diagnostics = state(configuration.testResult, 'diagnostics');
      await expect(diagnostics).toHaveAttribute('data-state', 'forbidden');
      await expect(diagnostics).toContainText('The diagnostics service refuses the token');
    } finally {
      between.close();
    }
    await configuration.url.fill(await deadAddress());
    await configuration.save.click();
    const diagnostics = state(configuration.testResult, 'diagnostics');
    await expect(diagnostics).toHaveAttribute('data-state', 'unreachable');
    await expect(diagnostics).toContainText('Grafana cannot reach the diagnostics service: start it');
  });

  test('an address that is none cannot be saved, and the stored token is never shown', async ({
    page,
    configuration,
  }) => {
    await configuration.goto();
    await configuration.url.fill('diagnostics:8090/');
    await expect(configuration.form).toContainText('Give a whole address, such as http://diagnostics:8090');
    await expect(configuration.save).toBeDisabled();
    await expect(configuration.token).toBeDisabled();
    await expect(configuration.token).toHaveValue('configured');
    const settings = await (await page.request.get(`/api/plugins/${PLUGIN_ID}/settings`)).json();
    expect(settings.secureJsonFields).toEqual({ diagnosticsToken: true });
    expect(settings).not.toHaveProperty('secureJsonData');
  });

  test('is for admins; a viewer reads everything else', async ({ page, triage }) => {
    await page.goto(`/plugins/${PLUGIN_ID}?as=viewer`);
    await expect(page.getByText('Access denied').first()).toBeVisible();
    const navigation = page.getByRole('navigation', { name: 'Navigation' });
    await expect(navigation.getByRole('link', { name: 'Runbooks', exact: true })).toBeVisible();
    await expect(navigation.getByRole('link', { name: 'Configuration' })).toHaveCount(0);
    await triage.goto({ refresh: '2' });
    await triage.whole();
    await expect(triage.word).toHaveText(SAYS_HEALTHY);
    await expect(triage.source('diagnostics')).toHaveAttribute('data-word', 'answers');
  });
});

for (const theme of ['dark', 'light'] as const) {
  test(`all pages in the ${theme} theme: no error, no text over another, nothing asked of other machines`, async ({
    page,
    triage,
    runbook,
    configuration,
  }) => {
    const heard = listenTo(page);
    await triage.goto({ theme, refresh: '0' });
    await triage.whole();
    await expect(triage.source('prometheus')).toBeVisible();
    const [background, text] = await page.evaluate(() => {
      const lightness = (colour: string) =>
        (colour.match(/\d+(\.\d+)?/g) ?? []).slice(0, 3).reduce((sum, part) => sum + Number(part), 0) / 765;
      const style = getComputedStyle(document.body);
      return [lightness(style.backgroundColor), lightness(style.color)];
    });
    expect(Math.abs((background ?? 0) - (text ?? 0))).toBeGreaterThan(0.5);
    expect((background ?? 0) > 0.5).toBe(theme === 'light');
    expect(await textsOverTheirBox(page)).toEqual([]);
    await page.goto(`/a/${PLUGIN_ID}/runbooks`);
    await page.getByTestId(testIds.runbooks.row).first().waitFor();
    expect(await textsOverTheirBox(page)).toEqual([]);
    await runbook.goto('gorax', 'lock-contention', { refresh: '0' });
    await runbook.whole();
    expect(await textsOverTheirBox(page)).toEqual([]);
    await configuration.goto();
    await configuration.form.waitFor();
    expect(await textsOverTheirBox(page)).toEqual([]);
    expect(heard.errors).toEqual([]);
    expect(heard.refusals.filter((refusal) => !NO_LOKI.test(refusal))).toEqual([]);
    expect([...heard.hosts]).toEqual([new URL(process.env.ESTATE_WORKBENCH_URL ?? '').hostname]);
  });
}
