/** Takes the pictures in docs/images. Each waits for what it is to show, so that a picture of something else fails. */
import { expect, type Page } from '@playwright/test';
import { PLUGIN_ID } from '../../src/constants';
import { testIds } from '../../src/components/testIds';
import { healthyEstate, test } from '../e2e/estateTest';
import { clearFaults, injectFault } from '../e2e/faults';
import { SAYS_HEALTHY, TriagePage } from '../e2e/pages/TriagePage';
import { WAIT_MS } from '../e2e/polling';
import { deadAddress, startServiceBetween } from '../e2e/serviceBetween';
import { commandMayHaveActed } from '../e2e/watched';
import { type Theme, takePicture } from './picture';

const THEMES: readonly Theme[] = ['dark', 'light'];
const useTheme = (page: Page, theme: Theme) => page.goto(`/?theme=${theme}`);

test.beforeAll(async ({ browser }) => {
  const page = await browser.newPage({ baseURL: process.env.ESTATE_WORKBENCH_URL });
  await healthyEstate(new TriagePage(page));
  await page.close();
});

test('healthy', async ({ page, triage, configuration }) => {
  for (const theme of THEMES) {
    await useTheme(page, theme);
    await triage.goto({ refresh: '0' });
    await triage.whole();
    await expect(triage.word).toHaveText(SAYS_HEALTHY);
    await expect(triage.source('prometheus')).toBeVisible();
    await takePicture(page, 'triage-healthy', theme);

    await configuration.goto();
    await configuration.test.click();
    await expect(configuration.testResult).toContainText('Postgres of Gorax');
    await configuration.testResult.scrollIntoViewIfNeeded();
    await takePicture(page, 'configuration', theme);
  }
  await useTheme(page, 'dark');
  await page.goto(`/a/${PLUGIN_ID}/runbooks`);
  await page.getByTestId(testIds.runbooks.row).first().waitFor();
  await takePicture(page, 'runbooks', 'dark');
});

test('blind', async ({ page, triage, settings, configuration }) => {
  await settings.change({ diagnosticsUrl: await deadAddress() });
  await useTheme(page, 'dark');
  await triage.goto({ refresh: '0' });
  await triage.whole();
  await expect(triage.banners).toHaveCount(1);
  await takePicture(page, 'triage-unreachable', 'dark');
  await configuration.goto();
  await configuration.test.click();
  await expect(configuration.testResult).toContainText('Grafana cannot reach the diagnostics service');
  await configuration.testResult.scrollIntoViewIfNeeded();
  await takePicture(page, 'configuration-unreachable', 'dark');
  await settings.change({ prometheusUid: 'no-such-source' });
  await triage.goto({ refresh: '0' });
  await expect(triage.word).toHaveText('Cannot assess');
  await expect(triage.banners).toHaveCount(2);
  await takePicture(page, 'triage-blind', 'dark');
});

test('loading', async ({ page, triage, settings }) => {
  let release = () => undefined as void;
  const between = await startServiceBetween({ until: new Promise((resolve) => (release = resolve)) });
  try {
    await settings.change({ diagnosticsUrl: between.url });
    await useTheme(page, 'dark');
    await triage.goto({ refresh: '0' });
    await expect(triage.word).toHaveText('Checking');
    await expect(triage.footer).toContainText(/[1-9]\d* of \d+ queries answered/);
    await takePicture(page, 'triage-loading', 'dark');
  } finally {
    release();
    between.close();
  }
});

test('a problem, from the demo drawer to the fix that worked', async ({ page, context, triage, runbook }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await useTheme(page, 'dark');
  await triage.goto({ refresh: '5' });
  await triage.whole();
  await page.getByRole('button', { name: 'Demo' }).click();
  await page.getByRole('button', { name: /^Inject .*idle/ }).waitFor();
  await injectFault('idle-in-transaction');
  try {
    await page.getByText(/^Active for \d+ s$/).waitFor();
    await takePicture(page, 'demo-drawer', 'dark');

    // long enough for the symptoms to spread through the pools, and for the alert
    await triage.goto({ refresh: '2' });
    await expect(triage.word).toHaveText('Likely', { timeout: WAIT_MS });
    await expect(triage.alert('LockWaits')).toBeVisible({ timeout: WAIT_MS });
    for (const theme of THEMES) {
      await useTheme(page, theme);
      await triage.goto({ refresh: '0' });
      await triage.whole();
      await expect(triage.word).toHaveText('Likely');
      await expect(triage.alert('LockWaits')).toBeVisible();
      await takePicture(page, 'triage-problem', theme);

      await runbook.goto('gorax', 'lock-contention', { refresh: '0' });
      await runbook.whole();
      await expect(runbook.word).toHaveText('Likely');
      await takePicture(page, 'runbook-problem', theme, 1000);
    }
    await useTheme(page, 'dark');
    await page.goto('/alerting/list');
    await expect(page.getByRole('listitem').filter({ hasText: 'LockWaits' })).toContainText('Firing');
    await takePicture(page, 'alerts', 'dark', 600);

    await runbook.goto('gorax', 'connection-exhaustion', { refresh: '0' });
    await runbook.whole();
    await runbook.expand('connection-leak');
    await runbook.evidence('connection-leak', 'pool-saturated').getByRole('button').click();
    await expect(runbook.plot.locator('canvas')).toBeVisible();
    await runbook.plot.scrollIntoViewIfNeeded();
    await takePicture(page, 'runbook-evidence-plot', 'dark', 1000);

    await runbook.goto('gorax', 'lock-contention', { refresh: '2' });
    await runbook.whole();
    await runbook
      .fix('terminate-idle-blocker')
      .getByRole('button', { name: /^Copy the command/ })
      .click();
    await expect(runbook.watch).toHaveAttribute('data-state', 'waiting');
    await takePicture(page, 'runbook-fix-watch', 'dark', 1000);
    // a fault that is gone before the command can have acted is not credited to it
    await commandMayHaveActed(page);
  } finally {
    await clearFaults();
  }
  await expect(runbook.watch).toHaveAttribute('data-state', 'worked', { timeout: WAIT_MS });
  await takePicture(page, 'runbook-fix-worked', 'dark', 1000);
});
