/** Answers in pages: what one reader asks for must take neither the memory nor the time of the others. */

/** Bytes of JSON in one answer; the first entry is always in it. */
export const PAGE_BYTES = 256 * 1024;

export interface Page<T> {
  readonly entries: readonly T[];
  /** There is more after the last entry. */
  readonly more: boolean;
}

/** As many of `rows` as fit, in order. `bytesOf`: about what one adds to the answer. */
export function pageOf<T>(rows: Iterable<T>, most: number, bytesOf: (row: T) => number): Page<T> {
  const entries: T[] = [];
  let bytes = 0;
  for (const row of rows) {
    bytes += bytesOf(row);
    if (entries.length === most || (entries.length > 0 && bytes > PAGE_BYTES)) {
      return { entries, more: true };
    }
    entries.push(row);
  }
  return { entries, more: false };
}
