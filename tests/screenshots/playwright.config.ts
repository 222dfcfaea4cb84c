import { defineConfig } from '@playwright/test';
import endToEnd from '../e2e/playwright.config';

/** As end to end, on an estate of its own; a picture is taken once. */
export default defineConfig({
  ...endToEnd,
  testDir: __dirname,
  outputDir: '../../test-results/screenshots',
  globalSetup: '../e2e/estate.setup.ts',
  // a fault is injected once for all its pictures, on one estate
  workers: 1,
  timeout: 900_000,
  reporter: [['list']],
  use: {
    ...endToEnd.use,
    trace: 'off',
    screenshot: 'off',
    viewport: { width: 1440, height: 900 },
    deviceScaleFactor: 1,
  },
});
