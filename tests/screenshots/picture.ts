import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from '@playwright/test';

const FOLDER = path.resolve(__dirname, '../../docs/images');

export type Theme = 'dark' | 'light';

/** Icons are fetched one by one after the page is drawn: no new one for this long means that all are there. */
const QUIET_MS = 600;

/**
 * Takes the page as `<name>-<theme>.png`, the first `height` pixels of it. Moving things are stopped and the pointer is
 * put away, so that two runs differ only in what was measured.
 */
export async function takePicture(page: Page, name: string, theme: Theme, height = 900): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  await page.mouse.move(0, 0);
  await page.setViewportSize({ width: 1440, height });
  await page.evaluate(async (quietMs) => {
    await document.fonts.ready;
    const drawn = () => document.querySelectorAll('svg path').length;
    const end = Date.now() + 10_000;
    for (let last = drawn(), since = Date.now(); Date.now() - since < quietMs && Date.now() < end;) {
      await new Promise(requestAnimationFrame);
      if (drawn() !== last) {
        [last, since] = [drawn(), Date.now()];
      }
    }
  }, QUIET_MS);
  await page.screenshot({ path: path.join(FOLDER, `${name}-${theme}.png`), animations: 'disabled', caret: 'hide' });
}
