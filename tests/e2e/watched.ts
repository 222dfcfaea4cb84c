import { expect, type Page } from '@playwright/test';

/** What is watched since when (ms), as the address of the page has it. */
export const WATCHED = /watch=terminate-idle-blocker%40(\d+)/;

/** `soonest` of a fix that names none: what becomes good earlier after the copy is not credited to the command. */
const SOONEST_MS = 2_000;

/** Waits until what becomes good is credited to the command that was copied on this page. */
export async function commandMayHaveActed(page: Page): Promise<void> {
  const copiedAt = Number(WATCHED.exec(page.url())?.[1]);
  await expect.poll(() => Date.now() - copiedAt).toBeGreaterThan(SOONEST_MS);
}
