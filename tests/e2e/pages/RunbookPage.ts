import type { Locator, Page } from '@playwright/test';
import { PLUGIN_ID } from '../../../src/constants';
import { testIds } from '../../../src/components/testIds';

export class RunbookPage {
  readonly verdict: Locator;
  readonly sentence: Locator;
  readonly word: Locator;
  readonly parameters: Locator;
  readonly refuted: Locator;
  readonly notFound: Locator;
  readonly commands: Locator;

  constructor(private readonly page: Page) {
    this.verdict = page.getByTestId(testIds.verdict.card);
    this.sentence = page.getByTestId(testIds.verdict.sentence);
    this.word = page.getByTestId(testIds.verdict.word);
    this.parameters = page.getByTestId(testIds.runbook.parameters);
    this.refuted = page.getByTestId(testIds.runbook.refuted);
    this.notFound = page.getByTestId(testIds.runbook.notFound);
    this.commands = page.getByTestId(testIds.runbook.command);
  }

  async open(pack: string, runbook: string, query: Record<string, string> = {}): Promise<void> {
    await this.page.goto(`/a/${PLUGIN_ID}/runbooks/${pack}/${runbook}?${new URLSearchParams(query)}`);
  }

  cause(id: string): Locator {
    return this.page.getByTestId(testIds.runbook.cause(id));
  }

  evidence(signal: string): Locator {
    return this.page.getByTestId(testIds.runbook.evidence(signal));
  }

  fix(id: string): Locator {
    return this.page.getByTestId(testIds.runbook.fix(id));
  }

  parameter(name: string): Locator {
    return this.page.getByTestId(testIds.runbook.parameter(name));
  }
}
