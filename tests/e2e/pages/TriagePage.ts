import type { Locator, Page } from '@playwright/test';
import { PLUGIN_ID } from '../../../src/constants';
import { testIds } from '../../../src/components/testIds';

/** What Triage says at one moment. */
export interface TriageReading {
  readonly word: string;
  /** `good` is green. */
  readonly tone: string;
  readonly sentence: string;
  /** Every suspect in order, each with all `<pack>/<runbook>/<cause>` that it stands for. */
  readonly suspects: ReadonlyArray<readonly string[]>;
}

/** What Triage says of an estate in which nothing is known to be wrong, with or without logs. */
export const SAYS_HEALTHY = /^(Nothing wrong|No known problem)/i;

export const nothingSuspected = ({ word, suspects }: TriageReading): boolean =>
  suspects.length === 0 && SAYS_HEALTHY.test(word);

const IDS = {
  word: testIds.verdict.word,
  sentence: testIds.verdict.sentence,
  suspect: testIds.triage.suspect,
};

export class TriagePage {
  readonly verdict: Locator;
  readonly word: Locator;
  readonly sentence: Locator;
  readonly notChecked: Locator;
  readonly notCheckedToggle: Locator;
  readonly open: Locator;
  readonly suspects: Locator;
  readonly alerts: Locator;
  readonly runbooks: Locator;
  readonly footer: Locator;
  readonly banners: Locator;
  readonly retry: Locator;

  constructor(private readonly page: Page) {
    this.verdict = page.getByTestId(testIds.verdict.card);
    this.word = page.getByTestId(testIds.verdict.word);
    this.sentence = page.getByTestId(testIds.verdict.sentence);
    this.notChecked = page.getByTestId(testIds.verdict.notChecked);
    this.notCheckedToggle = page.getByTestId(testIds.verdict.notCheckedToggle);
    this.open = page.getByTestId(testIds.verdict.open);
    this.suspects = page.getByTestId(testIds.triage.suspect);
    this.alerts = page.getByTestId(testIds.triage.alert);
    this.runbooks = page.getByTestId(testIds.triage.runbooks);
    this.footer = page.getByTestId(testIds.triage.footer);
    this.banners = page.getByTestId(testIds.page.banner);
    this.retry = page.getByTestId(testIds.page.retry);
  }

  async goto(query: Record<string, string> = {}): Promise<void> {
    await this.page.goto(`/a/${PLUGIN_ID}/triage?${new URLSearchParams(query)}`);
    await this.verdict.waitFor();
  }

  /** Waits for the last answer of an evaluation. */
  async whole(): Promise<void> {
    await this.page.locator(`[data-testid="${testIds.verdict.card}"][aria-busy="false"]`).waitFor();
  }

  /** Asks again now. */
  async refresh(): Promise<void> {
    await this.page.getByTestId(testIds.toolbar.refresh).getByRole('button').first().click();
  }

  source(id: string): Locator {
    return this.page.getByTestId(testIds.triage.source(id));
  }

  runbook(id: string): Locator {
    return this.runbooks.locator(`[data-runbook="${id}"]`);
  }

  alert(name: string): Locator {
    return this.alerts.and(this.page.locator(`[data-alert="${name}"]`));
  }

  /** All at once, so that a refresh between two questions cannot mix two moments. */
  read(): Promise<TriageReading> {
    return this.page.evaluate((ids) => {
      const find = (id: string) => document.querySelector<HTMLElement>(`[data-testid="${id}"]`);
      return {
        word: find(ids.word)?.innerText.trim() ?? '',
        tone: find(ids.word)?.dataset.tone ?? '',
        sentence: find(ids.sentence)?.innerText.trim() ?? '',
        suspects: [...document.querySelectorAll<HTMLElement>(`[data-testid="${ids.suspect}"]`)].map((row) =>
          (row.dataset.causes ?? '').split(' ')
        ),
      };
    }, IDS);
  }
}
