/** How one statement is put to the server. */
export type SqlRow = Readonly<Record<string, unknown>>;

export interface AskOptions {
  /** Its text is another each time, or no query: the session keeps no plan for it. */
  readonly once?: boolean;
}

export type Ask = (sql: string, values?: readonly unknown[], options?: AskOptions) => Promise<readonly SqlRow[]>;
