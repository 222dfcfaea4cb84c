import type { Page } from '@playwright/test';

/** Texts that are drawn over what stands beside them: wider than their box, which neither cuts nor scrolls them. */
export function textsOverTheirBox(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>('main *')]
      .filter((element) => [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE))
      .filter((element) => element.clientWidth > 1 && element.scrollWidth > element.clientWidth + 1)
      .filter((element) => getComputedStyle(element).overflowX === 'visible')
      .map((element) => element.innerText)
  );
}
