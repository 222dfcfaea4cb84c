import { test as base } from '@playwright/test';
import { WAIT_MS, askedInTurn } from './polling';
import { clearFaults, listFaults } from './faults';
import { PluginSettings } from './pluginSettings';
import { TriagePage, nothingSuspected } from './pages/TriagePage';
import { RunbookPage } from './pages/RunbookPage';
import { ConfigurationPage } from './pages/ConfigurationPage';

interface Fixtures {
  /** Restored after the test, however it ends. */
  readonly settings: PluginSettings;
  readonly triage: TriagePage;
  readonly runbook: RunbookPage;
  readonly configuration: ConfigurationPage;
}

/** Tests of the demo estate's workbench, whose settings and faults they may change. */
export const test = base.extend<Fixtures>({
  page: async ({ page }, use) => {
    await use(page);
    // A request that is under way when the test is over is nobody's: its route would fail the next test.
    await page.unrouteAll({ behavior: 'ignoreErrors' });
  },
  settings: async ({}, use) => {
    const settings = new PluginSettings();
    await use(settings);
    await settings.restore();
  },
  triage: async ({ page }, use) => use(new TriagePage(page)),
  runbook: async ({ page }, use) => use(new RunbookPage(page)),
  configuration: async ({ page }, use) => use(new ConfigurationPage(page)),
});

/** Clears what an earlier test may have left, and waits until Triage suspects nothing. */
export async function healthyEstate(triage: TriagePage): Promise<void> {
  if ((await listFaults()).some(({ active }) => active)) {
    await clearFaults();
  }
  await triage.goto({ refresh: '2' });
  await askedInTurn('a healthy estate', WAIT_MS, () => triage.read(), nothingSuspected);
}
