import type { Page } from '@playwright/test';
import { testIds } from '../../src/components/testIds';

/**
 * Writes down every verdict that the head of the page ever shows, also for one frame: a test that only looks at the end
 * would miss a flash of green. Has to be called before the page is opened. Gives `tone: word` of each.
 */
export async function recordVerdicts(page: Page): Promise<() => Promise<readonly string[]>> {
  await page.addInitScript((testId) => {
    const seen = new Set<string>();
    Object.assign(window, { verdictsSeen: seen });
    const look = () => {
      const word = document.querySelector<HTMLElement>(`[data-testid="${testId}"]`);
      if (word) {
        seen.add(`${word.dataset.tone}: ${word.textContent?.trim()}`);
      }
    };
    new MutationObserver(look).observe(document, {
      subtree: true,
      childList: true,
      characterData: true,
      attributes: true,
    });
  }, testIds.verdict.word);
  return () => page.evaluate(() => [...(window as unknown as { verdictsSeen: Set<string> }).verdictsSeen]);
}
