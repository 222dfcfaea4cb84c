import type { Locator, Page } from '@playwright/test';
import { PLUGIN_ID } from '../../../src/constants';
import { testIds } from '../../../src/components/testIds';

export class ConfigurationPage {
  readonly form: Locator;
  readonly url: Locator;
  readonly token: Locator;
  readonly test: Locator;
  readonly testResult: Locator;
  readonly save: Locator;

  constructor(private readonly page: Page) {
    this.form = page.getByTestId(testIds.config.form);
    this.url = page.getByTestId(testIds.config.url);
    this.token = page.getByTestId(testIds.config.token);
    this.test = page.getByTestId(testIds.config.test);
    this.testResult = page.getByTestId(testIds.config.testResult);
    this.save = page.getByTestId(testIds.config.save);
  }

  async goto(query: Record<string, string> = {}): Promise<void> {
    await this.page.goto(`/plugins/${PLUGIN_ID}?${new URLSearchParams({ page: 'configuration', ...query })}`);
  }
}
