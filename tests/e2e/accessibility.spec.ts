/** WCAG 2.1 A and AA, as far as a program can tell, of every page in both themes. */
import { createRequire } from 'node:module';
import { expect, type Page } from '@playwright/test';
import { PLUGIN_ID } from '../../src/constants';
import { testIds } from '../../src/components/testIds';
import { test } from './estateTest';

interface Violation {
  readonly id: string;
  readonly help: string;
  readonly nodes: ReadonlyArray<{ readonly target: readonly string[]; readonly failureSummary?: string }>;
}

const AXE = createRequire(__filename).resolve('axe-core/axe.min.js');

test.skip(!process.env.ESTATE_CONTROL_URL, 'what is expected here is the demo estate');

/** What breaks a rule, one line a rule, with the first elements that do. */
async function violations(page: Page): Promise<readonly string[]> {
  // what the pointer is over has colours of its own, which are Grafana's
  await page.mouse.move(0, 0);
  // a button that is still fading from one state to the next has the colours of neither
  await page.evaluate(async () => {
    const ending = document.getAnimations().filter(({ effect }) => effect?.getComputedTiming().iterations !== Infinity);
    await Promise.allSettled(ending.map(({ finished }) => finished));
  });
  await page.addScriptTag({ path: AXE });
  const found = await page.evaluate(async () => {
    const { axe } = window as unknown as {
      axe: { run: (context: string, options: object) => Promise<{ violations: Violation[] }> };
    };
    return (await axe.run('main', { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa'] })).violations;
  });
  return found.map(
    ({ id, help, nodes }) =>
      `${id}: ${help} (${nodes.length}): ${nodes
        .slice(0, 3)
        .map(({ target, failureSummary }) => `${target.join(' ')} ${failureSummary?.split('\n')[1]?.trim() ?? ''}`)
        .join(' | ')}`
  );
}

for (const theme of ['dark', 'light'] as const) {
  test(`every page in the ${theme} theme`, async ({ page, triage, runbook, configuration }) => {
    const found: Record<string, readonly string[]> = {};
    await triage.goto({ theme, refresh: '0' });
    await triage.whole();
    await expect(triage.source('prometheus')).toBeVisible();
    await triage.notCheckedToggle.click();
    found.triage = await violations(page);
    await page.goto(`/a/${PLUGIN_ID}/runbooks`);
    await page.getByTestId(testIds.runbooks.row).first().waitFor();
    found.runbooks = await violations(page);
    await runbook.goto('gorax', 'api-errors', { refresh: '0' });
    await runbook.whole();
    await runbook.expand('bad-deploy');
    found.runbook = await violations(page);
    await configuration.goto();
    await configuration.test.click();
    await configuration.testResult.waitFor();
    found.configuration = await violations(page);
    expect(found).toEqual({ triage: [], runbooks: [], runbook: [], configuration: [] });
  });
}
