import { vi } from 'vitest';

/**
 * Puts a clipboard in the place of the browser's, which jsdom does not have, for one test.
 * Returns: every text that was copied from now on, in order.
 */
export function watchClipboard(): readonly string[] {
  const copied: string[] = [];
  const copySelected = () =>
    copied.push(document.body.querySelector<HTMLTextAreaElement>(':scope > textarea')!.value) > 0;
  Object.assign(document, { execCommand: vi.fn(copySelected) });
  return copied;
}
