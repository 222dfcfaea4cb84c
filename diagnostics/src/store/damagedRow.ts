/** A row of a store that cannot be read; the file around it is sound. */
export class DamagedRow extends Error {
  constructor(what: string, options?: { readonly cause: unknown }) {
    super(`${what} is damaged in the file`, options);
  }
}

/** What `read` makes of a row. Errors: `DamagedRow`, whatever `read` stumbled over. */
export function intact<T>(what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new DamagedRow(what, { cause: error });
  }
}
