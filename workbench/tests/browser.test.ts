import { chromium, type Browser, type Page } from '@playwright/test';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Workbench } from '../src/server';
import { CHROMIUM } from './fixture/chromium';
import { startDemoControl, type DemoControl } from './servers/demoControl';
import { startFixtureWorkbench } from './servers/fixtureWorkbench';
import { startLoki } from './servers/loki';
import { startPrometheus, type RunningServer } from './servers/prometheus';
import { startRecordingService, type RecordingService } from './servers/recordingService';

const APP = '/a/workbench-fixture-app';
/** A busy machine is slow to draw a page for the first time; nothing here is about speed. */
const PATIENCE_MS = 150_000;
vi.setConfig({ testTimeout: 2 * PATIENCE_MS });
const RULES = `groups:
  - name: fixture
    rules:
      - alert: FixtureFires
        expr: vector(1) > 0
        labels: { severity: critical }
        annotations: { summary: It fires, runbook_url: 'http://grafana.example${APP}/service/from-alert?var-x=1' }
`;

let browser: Browser;
let prometheus: RunningServer;
let loki: RunningServer;
let service: RecordingService;
let control: DemoControl;
let workbench: Workbench;
let page: Page;
let problems: string[];
let requests: string[];

beforeAll(async () => {
  [prometheus, loki, service, control] = await Promise.all([
    startPrometheus({ past: recentSamples(), rules: RULES }),
    startLoki(),
    startRecordingService(),
    startDemoControl(),
  ]);
  workbench = await startFixtureWorkbench(environment(), { control: control.url });
  browser = await chromium.launch(CHROMIUM);
});
afterAll(async () => {
  await browser?.close();
  await workbench?.close();
  await Promise.all([prometheus?.stop(), loki?.stop(), service?.stop(), control?.stop()]);
});

beforeEach(async () => {
  problems = [];
  requests = [];
  page = await browser.newPage({ viewport: { width: 1400, height: 900 } });
  page.setDefaultTimeout(PATIENCE_MS);
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));
  page.on('request', (request) => requests.push(request.url()));
});
afterEach(() => page.close());

const environment = () => ({
  PROMETHEUS_URL: prometheus.url,
  LOKI_URL: loki.url,
  DIAGNOSTICS_URL: service.url,
  DIAGNOSTICS_TOKEN: 'token',
});

/** Two series and a gauge of the last quarter of an hour. */
function recentSamples(): string {
  const now = Math.floor(Date.now() / 1000);
  const times = Array.from({ length: 120 }, (_, i) => now - 15 * (119 - i) + 60);
  return [
    '# TYPE fixture_requests gauge',
    ...times.map((at, i) => `fixture_requests{path="/a"} ${10 + (i % 7)} ${at}`),
    ...times.map((at, i) => `fixture_requests{path="/b"} ${4 + (i % 3)} ${at}`),
    '# TYPE fixture_up gauge',
    ...times.map((at) => `fixture_up 3 ${at}`),
    '# EOF',
    '',
  ].join('\n');
}

const open = (path: string) => page.goto(workbench.url + path);
const text = (found: string) => page.getByText(found, { exact: true });

describe('a scene of the plugin', () => {
  test('draws all four panels with real data, without an error, and asks nobody but this machine', async () => {
    await open('/');
    await page.waitForURL(`**${APP}/overview`);
    await page.locator('.u-over').first().waitFor();
    await text('a line of level error').waitFor();
    await page.getByRole('gridcell', { name: '/a', exact: true }).waitFor();
    expect(await text('3').count()).toBeGreaterThan(0);
    // the page has defaultNav, so Grafana has no name for it but the app's
    expect(await page.title()).toBe('Fixture - More apps - Workbench');
    expect(await page.evaluate(() => document.fonts.check('14px Inter'))).toBe(true);
    expect(problems).toEqual([]);
    const elsewhere = requests.filter((url) => !url.startsWith(workbench.url) && !/^(data|blob):/.test(url));
    expect(elsewhere).toEqual([]);
    expect(requests.length).toBeGreaterThan(20);
  });
});

describe('pages', () => {
  test('a detail page has its trail of breadcrumbs, and each leads back', async () => {
    await open(`${APP}/service/postgres`);
    await text('the service was asked for /v1/checks').waitFor();
    const crumbs = page.getByRole('navigation', { name: 'Breadcrumbs' });
    expect(await crumbs.getByRole('listitem').allInnerTexts()).toEqual([
      'Home',
      'More apps',
      'Fixture',
      'Service',
      'Detail of postgres',
    ]);
    await crumbs.getByRole('link', { name: 'Service' }).click();
    await page.waitForURL(`**${APP}/service`);
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('Service');
    expect(problems).toEqual([]);
  });

  test('the configuration page saves, says so, and Viewers may not open it', async () => {
    await open('/plugins/workbench-fixture-app');
    await page.getByRole('textbox').fill(`${service.url}/changed`);
    await page.getByRole('button', { name: 'Save' }).click();
    await text('Plugin settings updated').waitFor();
    await open(`${APP}/service`);
    await text('the service was asked for /changed/v1/checks').waitFor();
    await open('/plugins/workbench-fixture-app?as=viewer');
    await text('Access denied').first().waitFor();
  });

  test('an unknown page says so', async () => {
    await open('/d/some-dashboard');
    await page.getByRole('heading', { name: 'Page not found' }).waitFor();
  });
});

describe('roles and theme', () => {
  const pagesShown = async () => {
    await page.getByRole('navigation', { name: 'Navigation' }).waitFor();
    return page.getByRole('navigation', { name: 'Navigation' }).getByRole('link').allInnerTexts();
  };

  test('the navigation shows what the role may open, and the role is switched in the top bar', async () => {
    await open('/?as=admin');
    expect(await pagesShown()).toEqual([
      'Home',
      'Alert rules',
      'Fixture',
      'Service',
      'Editors only',
      'Writers only',
      'Configuration',
    ]);
    await page.getByRole('button', { name: 'Role: Admin' }).click();
    await page.getByRole('menuitem', { name: 'Viewer' }).click();
    await page.getByRole('button', { name: 'Role: Viewer' }).waitFor();
    expect(await pagesShown()).toEqual(['Home', 'Alert rules', 'Fixture', 'Service']);
    expect(new URL(page.url()).search).toBe('');
  });

  test('light and dark', async () => {
    const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await open(`${APP}/service?theme=dark`);
    await text('Run again').waitFor();
    const dark = await background();
    await page.getByRole('button', { name: 'Use the light theme' }).click();
    await page.getByRole('button', { name: 'Use the dark theme' }).waitFor();
    expect(await background()).not.toBe(dark);
  });
});

test('a firing alert leads to its runbook', async () => {
  await open('/alerting/list');
  await text('FixtureFires').waitFor();
  await page.getByRole('link', { name: 'View runbook' }).click();
  await page.getByRole('heading', { name: 'Detail of from-alert' }).waitFor();
  expect(page.url()).toBe(`${workbench.url}${APP}/service/from-alert?var-x=1`);
});

describe('links that the plugin adds to Grafana', () => {
  const entry = (name: string) => page.getByRole('list', { name: 'Found' }).getByRole('button', { name });

  test('the command palette runs what has an onClick; a path alone does nothing, as in Grafana', async () => {
    await open(`${APP}/service`);
    await text('Run again').waitFor();
    await page.keyboard.press('Control+k');
    await entry('Open the fixture').click();
    await page.getByRole('heading', { name: 'Detail of from-palette' }).waitFor();
    const before = page.url();
    await page.keyboard.press('Control+k');
    await page.getByRole('textbox', { name: 'Search or jump to' }).fill('path does');
    await entry('A path does nothing here').click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(page.url()).toBe(before);
    expect(problems).toEqual([]);
  });

  test('the menu of an alert instance tells the plugin which alert it is', async () => {
    await open('/alerting/list');
    await page.getByRole('button', { name: /^Actions for FixtureFires/ }).click();
    await page.getByRole('menuitem', { name: 'Open for this alert' }).click();
    await page.getByRole('heading', { name: 'Detail of FixtureFires' }).waitFor();
    expect(problems).toEqual([]);
  });
});

test('the demo drawer injects a fault, shows an error of the demo, and clears', async () => {
  await open(`${APP}/service`);
  await page.getByRole('button', { name: 'Demo' }).click();
  await text('Lock contention leads within 45 s').waitFor();
  await page.getByRole('button', { name: 'Inject Idle in transaction' }).click();
  await page.getByText(/^Active for \d+ s$/).waitFor();
  await page.getByRole('button', { name: 'Inject Postgres stopped' }).click();
  await page.getByText('pg_ctl is not there').waitFor();
  await page.getByRole('button', { name: 'Clear all' }).click();
  await text('No fault is active: everything should be healthy.').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(control.asked).toEqual(
    expect.arrayContaining(['POST /faults/idle-in-transaction', 'POST /faults/postgres-stopped', 'DELETE /faults'])
  );
});

describe('shared modules', () => {
  const failing = async (moduleSource: string) => {
    const own = await startFixtureWorkbench(environment(), { moduleSource });
    try {
      await page.goto(own.url);
      return await page.locator('#workbench-error').innerText();
    } finally {
      await own.close();
    }
  };

  test('a plugin that asks for react/jsx-runtime fails as in Grafana 12.2, and says why', async () => {
    const source = `import { AppPlugin } from '@grafana/data';
      export const plugin = new AppPlugin().setRootPage(() => <p>never shown</p>);`;
    expect(await failing(source)).toContain(
      '404 Not Found, loading react/jsx-runtime: Grafana 12.2 does not offer this module to plugins. Bundle it with the plugin.'
    );
  });

  test('a module that exports no plugin is named', async () => {
    expect(await failing('export const nothing = 1;')).toContain('module.js does not export "plugin"');
  });
});
