import type { Locator, Page } from '@playwright/test';
import { PLUGIN_ID } from '../../../src/constants';
import { testIds } from '../../../src/components/testIds';

export class RunbookPage {
  readonly verdict: Locator;
  readonly sentence: Locator;
  readonly word: Locator;
  readonly parameters: Locator;
  readonly notFound: Locator;
  readonly watch: Locator;
  readonly plot: Locator;

  constructor(private readonly page: Page) {
    this.verdict = page.getByTestId(testIds.verdict.card);
    this.sentence = page.getByTestId(testIds.verdict.sentence);
    this.word = page.getByTestId(testIds.verdict.word);
    this.parameters = page.getByTestId(testIds.runbook.parameters);
    this.notFound = page.getByTestId(testIds.runbook.notFound);
    this.watch = page.getByTestId(testIds.runbook.watch);
    this.plot = page.getByTestId(testIds.runbook.plot);
  }

  async goto(pack: string, runbook: string, query: Record<string, string> = {}): Promise<void> {
    await this.page.goto(`/a/${PLUGIN_ID}/runbooks/${pack}/${runbook}?${new URLSearchParams(query)}`);
  }

  /** Waits for the last answer of an evaluation. */
  async whole(): Promise<void> {
    await this.page.locator(`[data-testid="${testIds.verdict.card}"][aria-busy="false"]`).waitFor();
  }

  /** Opens the card of a cause, if it is closed. */
  async expand(id: string): Promise<void> {
    const head = this.cause(id).getByRole('button').first();
    if ((await head.getAttribute('aria-expanded')) === 'false') {
      await head.click();
    }
  }

  cause(id: string): Locator {
    return this.page.getByTestId(testIds.runbook.cause(id));
  }

  /** The row of a signal below a cause. */
  evidence(cause: string, signal: string): Locator {
    return this.cause(cause).getByTestId(testIds.runbook.evidence(signal));
  }

  fix(id: string): Locator {
    return this.page.getByTestId(testIds.runbook.fix(id));
  }

  parameter(name: string): Locator {
    return this.page.getByTestId(testIds.runbook.parameter(name));
  }
}
