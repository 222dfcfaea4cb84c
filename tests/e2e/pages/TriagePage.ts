import type { Locator, Page } from '@playwright/test';
import { PLUGIN_ID } from '../../../src/constants';
import { testIds } from '../../../src/components/testIds';

/** What Triage says at one moment. */
export interface TriageReading {
  readonly state: string;
  readonly word: string;
  readonly sentence: string;
  /** Every suspect in order, each with all `<pack>/<runbook>/<cause>` that it stands for. */
  readonly suspects: ReadonlyArray<readonly string[]>;
}

export class TriagePage {
  readonly verdict: Locator;
  readonly sentence: Locator;
  readonly suspects: Locator;

  constructor(private readonly page: Page) {
    this.verdict = page.getByTestId(testIds.verdict.card);
    this.sentence = page.getByTestId(testIds.verdict.sentence);
    this.suspects = page.getByTestId(testIds.triage.suspect);
  }

  async open(query: Record<string, string> = {}): Promise<void> {
    await this.page.goto(`/a/${PLUGIN_ID}/triage?${new URLSearchParams(query)}`);
    await this.verdict.waitFor();
  }

  /** All at once, so that a refresh between two questions cannot mix two moments. */
  read(): Promise<TriageReading> {
    return this.page.evaluate((ids) => {
      const find = (id: string) => document.querySelector<HTMLElement>(`[data-testid="${id}"]`);
      return {
        state: find(ids.verdict.card)?.dataset.state ?? '',
        word: find(ids.verdict.word)?.innerText.trim() ?? '',
        sentence: find(ids.verdict.sentence)?.innerText.trim() ?? '',
        suspects: [...document.querySelectorAll<HTMLElement>(`[data-testid="${ids.suspect}"]`)].map((row) =>
          (row.dataset.causes ?? '').split(' ')
        ),
      };
    }, { verdict: { card: testIds.verdict.card, word: testIds.verdict.word, sentence: testIds.verdict.sentence }, suspect: testIds.triage.suspect });
  }
}
