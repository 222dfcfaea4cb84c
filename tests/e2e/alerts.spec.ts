/** From an alert that Prometheus fires by itself to a fix that is seen to have worked, with the rights of a viewer. */
import { expect } from '@playwright/test';
import { PLUGIN_ID } from '../../src/constants';
import { askPostgres, estate } from './estate';
import { healthyEstate, test } from './estateTest';
import { clearFaults, injectFault } from './faults';
import { textsOverTheirBox } from './overflow';
import { WAIT_MS, askedInTurn } from './polling';
import { WATCHED, commandMayHaveActed } from './watched';

const ALERT = 'LockWaits';

interface PrometheusAlert {
  readonly state: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

async function prometheusAlerts(): Promise<readonly PrometheusAlert[]> {
  const answer = await fetch(`${(await estate()).urls.prometheus}/api/v1/alerts`);
  return ((await answer.json()) as { data: { alerts: PrometheusAlert[] } }).data.alerts;
}

/** Sessions that hold a lock for which others wait, and do nothing themselves. */
async function idleBlockers(): Promise<readonly number[]> {
  const rows = await askPostgres(`SELECT pid FROM pg_stat_activity WHERE state = 'idle in transaction'
    AND pid IN (SELECT unnest(pg_blocking_pids(w.pid)) FROM pg_stat_activity w WHERE w.wait_event_type = 'Lock')`);
  return rows.map(({ pid }) => Number(pid));
}

test.skip(!process.env.ESTATE_CONTROL_URL, 'faults are injected into the demo estate only');
test.afterEach(clearFaults);

test('an alert fires, leads to its runbook, and the copied command mends the fault', async ({
  page,
  context,
  triage,
  runbook,
}) => {
  test.setTimeout(4 * WAIT_MS);
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.goto('/?as=viewer');
  await healthyEstate(triage);
  await injectFault('idle-in-transaction');

  const alert = await test.step('Prometheus fires the alert', async () => {
    const alerts = await askedInTurn(`${ALERT} to fire`, WAIT_MS, prometheusAlerts, (all) =>
      all.some(({ labels, state }) => labels.alertname === ALERT && state === 'firing')
    );
    return alerts.find(({ labels }) => labels.alertname === ALERT) as PrometheusAlert;
  });

  await test.step('Triage lists it with the way to its runbook', async () => {
    const line = triage.alert(ALERT);
    await expect(line).toContainText('critical');
    await expect(line).toContainText(alert.annotations.summary as string);
    await expect(
      line.getByRole('link', { name: `Open the runbook Lock contention for the alert ${ALERT}` })
    ).toHaveAttribute('href', new RegExp(`/a/${PLUGIN_ID}/runbooks/gorax/lock-contention`));
  });

  await test.step('its runbook_url opens the runbook, from where Grafana lists the rule', async () => {
    expect(new URL(alert.annotations.runbook_url as string).pathname).toBe(
      `/a/${PLUGIN_ID}/runbooks/gorax/lock-contention`
    );
    await page.goto('/alerting/list');
    const rule = page.getByRole('listitem').filter({ hasText: ALERT });
    await expect(rule).toContainText('Firing');
    await rule.getByRole('link', { name: 'View runbook' }).click();
    await page.waitForURL('**/runbooks/gorax/lock-contention**');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Lock contention');
    await expect(page.getByRole('button', { name: 'Role: Viewer' })).toBeVisible();
  });

  await test.step('with its parameters bound; one in the link comes before the default', async () => {
    await expect(runbook.parameter('postgres')).toHaveValue('gorax-postgres');
    await expect(runbook.parameters).toContainText("var-postgres · the pack's default");
    await page.goto(`${alert.annotations.runbook_url}?var-postgres=gorax-postgres&refresh=2`);
    await expect(runbook.parameters).toContainText('var-postgres · from this link');
  });

  const fix = runbook.fix('terminate-idle-blocker');
  const sql = await test.step('the command holds the pid of the session that holds the lock', async () => {
    await expect(runbook.word).toHaveText('Likely');
    const [pid] = await idleBlockers();
    expect(pid).toBeGreaterThan(0);
    const evidence = runbook.evidence('idle-in-transaction', 'root-blocker-idle');
    await evidence.getByRole('button').click();
    await expect(evidence.getByRole('region').getByRole('cell', { name: String(pid), exact: true })).toBeVisible();
    await expect(runbook.sentence).toContainText(String(pid));
    await expect(fix).toHaveAttribute('data-ready', 'true');
    expect(await textsOverTheirBox(page)).toEqual([]);
    await fix.getByRole('button', { name: /^Copy the command/ }).click();
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    expect(copied).toBe(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity\n WHERE pid = ${pid} AND state LIKE 'idle in transaction%';`
    );
    return copied;
  });

  await test.step('the copied command is watched: nothing is claimed before it was run', async () => {
    await expect(runbook.watch).toHaveAttribute('data-state', 'waiting');
    await expect(page).toHaveURL(WATCHED);
    expect(await idleBlockers()).toHaveLength(1);
  });

  await test.step('run against Postgres, it works, and the watch sees it', async () => {
    await commandMayHaveActed(page);
    expect(await askPostgres(sql)).toEqual([{ pg_terminate_backend: true }]);
    await expect(runbook.watch).toHaveAttribute('data-state', 'worked', { timeout: WAIT_MS });
    await expect(runbook.watch).toContainText('It worked');
    expect(await idleBlockers()).toEqual([]);
    await page.reload();
    await expect(runbook.watch).toHaveAttribute('data-state', 'worked', { timeout: WAIT_MS });
    await expect(runbook.word).toHaveText(/^Nothing wrong/, { timeout: WAIT_MS });
  });
});
