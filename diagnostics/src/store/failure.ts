/** SQLite's errors in words: what is wrong with the file or the disk, and how to mend it. */

export type StoreProblem =
  'corrupt' | 'read-only' | 'full' | 'in-use' | 'newer' | 'cannot-open' | 'disk-error' | 'closed' | 'other';

export interface StoreFailure {
  readonly problem: StoreProblem;
  /** One sentence. */
  readonly message: string;
  readonly mend: string;
}

/** A store that cannot be read or written now. */
export class StoreUnavailable extends Error {
  constructor(
    readonly failure: StoreFailure,
    options?: { readonly cause: unknown }
  ) {
    super(failure.message, options);
  }
}

/** A file with a schema that this version does not know. */
export class NewerSchema extends Error {
  constructor(
    readonly found: number,
    readonly known: number
  ) {
    super(`schema version ${found}, known is ${known}`);
  }
}

/** https://sqlite.org/rescode.html, the primary codes. */
const SQLITE: Readonly<Record<number, StoreProblem>> = {
  3: 'read-only', // PERM
  5: 'in-use', // BUSY
  6: 'in-use', // LOCKED
  8: 'read-only',
  10: 'disk-error', // IOERR
  11: 'corrupt',
  13: 'full',
  14: 'cannot-open',
  26: 'corrupt', // NOTADB
};

/** `all()` and `iterate()` of the package leave the code out; these are the texts of sqlite3_errstr. */
const CODE_OF_TEXT: ReadonlyArray<readonly [text: string, code: number]> = [
  ['database is locked', 5],
  ['attempt to write a readonly database', 8],
  ['disk I/O error', 10],
  ['database disk image is malformed', 11],
  ['database or disk is full', 13],
  ['unable to open database file', 14],
  ['file is not a database', 26],
];

const SYSTEM: Readonly<Record<string, StoreProblem>> = {
  EACCES: 'cannot-open',
  EPERM: 'cannot-open',
  ENOENT: 'cannot-open',
  ENOTDIR: 'cannot-open',
  EEXIST: 'cannot-open',
  EISDIR: 'cannot-open',
  EMFILE: 'cannot-open',
  EROFS: 'read-only',
  ENOSPC: 'full',
  EDQUOT: 'full',
  EIO: 'disk-error',
};

/** What an error of SQLite or of the file system means for `file`; undefined when it is neither (a mistake in code). */
export function failureOf(error: unknown, file: string): StoreFailure | undefined {
  if (error instanceof StoreUnavailable) {
    return error.failure;
  }
  if (error instanceof NewerSchema) {
    return {
      problem: 'newer',
      message: `${file} was written by a newer version of this service (${error.message})`,
      mend: 'Run that version again, or move the file away: a fresh one is started.',
    };
  }
  const { code, errcode } = (error ?? {}) as { code?: unknown; errcode?: unknown };
  if (code === 'ERR_SQLITE_ERROR') {
    const said = (error as Error).message;
    const known = typeof errcode === 'number' ? errcode : CODE_OF_TEXT.find(([text]) => said.includes(text))?.[1];
    return worded(SQLITE[(known ?? 1) & 0xff] ?? 'other', file, said);
  }
  const problem = typeof code === 'string' ? SYSTEM[code] : undefined;
  return problem === undefined ? undefined : worded(problem, file, String(code));
}

function worded(problem: StoreProblem, file: string, said: string): StoreFailure {
  switch (problem) {
    case 'corrupt':
      return {
        problem,
        message: `${file} is damaged (${said})`,
        mend: 'It is set aside beside the new one; `sqlite3 <file> .recover` reads what is left in it. Check the disk.',
      };
    case 'read-only':
      return {
        problem,
        message: `${file} cannot be written: read-only (${said})`,
        mend: 'Mount the directory read-write for the user of this service.',
      };
    case 'full':
      return {
        problem,
        message: `${file} cannot grow: the disk or the configured bound is full`,
        mend: 'Free disk space, or set a larger bound; writing starts again by itself.',
      };
    case 'in-use':
      return {
        problem,
        message: `${file} is held by another process`,
        mend: 'Two services cannot share one file: stop the other, or give this one a directory of its own.',
      };
    case 'cannot-open':
      return {
        problem,
        message: `${file} cannot be opened (${said})`,
        mend: 'Create the directory, mount it read-write, and let the user of this service write there.',
      };
    case 'disk-error':
      return {
        problem,
        message: `${file}: the disk reports an error (${said})`,
        mend: 'Check the disk and the mount.',
      };
    default:
      return { problem, message: `${file}: ${said}`, mend: 'Restart the service; if it stays, move the file away.' };
  }
}
