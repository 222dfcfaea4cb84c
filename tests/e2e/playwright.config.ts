import { availableParallelism } from 'node:os';
import { defineConfig } from '@playwright/test';
import { CHROMIUM } from '../../workbench/tests/fixture/chromium';
import './theEstate';

/** Where the plugin is looked at: a real Grafana when GRAFANA_URL is set, else the workbench of an estate started here. */
const grafana = process.env.GRAFANA_URL;

export default defineConfig({
  testDir: '.',
  outputDir: '../../test-results/e2e',
  globalSetup: grafana ? undefined : './estate.setup.ts',
  // An estate each, one fault at a time on it; two, because tests mostly wait for what the estate does.
  workers: grafana || process.env.ESTATE_CONTROL_URL ? 1 : Math.min(2, availableParallelism()),
  fullyParallel: false,
  // Generous, here and in the tests: what takes a second takes a minute on a machine that is busy with something else.
  timeout: 300_000,
  expect: { timeout: 90_000 },
  reporter: [
    ['list'],
    ['json', { outputFile: process.env.PLAYWRIGHT_REPORT ?? '../../.cache/reports/end-to-end.json' }],
  ],
  use: {
    // the workers read this file after the estate was started
    baseURL: grafana ?? process.env.ESTATE_WORKBENCH_URL,
    actionTimeout: 90_000,
    viewport: { width: 1440, height: 1000 },
    // Nothing moves: what is painted without end takes the CPU from the estate.
    contextOptions: { reducedMotion: 'reduce' },
    // Without pictures: a screencast of every page took a third of a core from the estate. What failed is pictured below.
    trace: { mode: 'retain-on-failure', screenshots: false },
    screenshot: 'only-on-failure',
    launchOptions: CHROMIUM,
  },
});
