/**
 * One SQLite file with one writer, readable for its owner alone.
 *
 * - WAL: a transaction that was answered survives `kill -9`. `durable` stores also sync every commit to the disk, so that
 *   it survives the machine's power too; the others sync at checkpoints and may lose the last seconds to a power cut.
 * - One service per file, by a lock on `<file>.lock`: two would each believe that they know its end. Reading it from
 *   outside (`sqlite3`, a backup) stays possible.
 * - A damaged file is set aside (`<file>.corrupt-<time>`) with its log, and a fresh one is started.
 * - A file that is taken away while it is used is noticed at the next look, and written anew from what is still open.
 * - A file that knows less than was written to it (cut, taken back, robbed of its log) is noticed when it is opened.
 * - Whatever is lost by that is noted in `Losses`.
 * - Everything else that is wrong (no space, read-only, in use) is kept as a state and tried again, at most every
 *   `RETRY_MS`; the caller gets `StoreUnavailable` at once and the service goes on.
 */
import { chmodSync, closeSync, mkdirSync, openSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { DatabaseSync } from '@photostructure/sqlite';
import { failureOf, NewerSchema, type StoreFailure, StoreUnavailable } from './failure';
import { damageOfHeader } from './header';
import { Height } from './height';
import { Losses, type StoreName } from './losses';

export type Database = InstanceType<typeof DatabaseSync>;

export interface StoreLog {
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

export interface StoreOptions<Prepared> {
  readonly name: StoreName;
  readonly file: string;
  /** SQL scripts; a file's `user_version` says how many of them it has seen. Never change one that was released. */
  readonly migrations: readonly string[];
  /** Statements and what is kept in memory about the file; called after every opening, with a migrated file. */
  readonly prepare: (database: Database) => Prepared;
  /** Sync every commit to the disk. */
  readonly durable: boolean;
  /** The file never grows beyond this: writing answers `full` instead. Bytes. */
  readonly maxBytes: number;
  /** How many damaged files are kept beside the present one. */
  readonly keepAside: number;
  readonly log: StoreLog;
  /** Where losses are noted; a list of its own when left out. */
  readonly losses?: Losses;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
}

/** What whoever keeps a store is given, and hands on to it. */
export type StoreGiven = Pick<StoreOptions<unknown>, 'file' | 'log' | 'losses' | 'now'>;

interface Opened<Prepared> {
  readonly database: Database;
  readonly prepared: Prepared;
  /** Transactions that the file knows. */
  transactions: number;
  readonly height: Height;
  /** Of the file and of its log, to see that they are still those at their paths. */
  readonly inodes: readonly [file: number, log: number];
}

export interface StoreStatus {
  readonly state: 'ok' | 'failing';
  readonly file: string;
  /** Bytes in use inside the file; null while it is not open. */
  readonly bytes: number | null;
  readonly problem?: StoreFailure & { readonly since: number };
  /** Damaged files that were set aside since the start. */
  readonly setAside: ReadonlyArray<{ readonly at: number; readonly file: string; readonly message: string }>;
}

const RETRY_MS = 5_000;
/** A disk that damages every new file must not be filled with damaged files. */
const ASIDE_EVERY_MS = 60_000;
const PAGE = 4096;
const OWNER_ONLY = 0o600;
const SQLITE_CORRUPT = 11;
/** What is in the file can still be read, and writing may work again with the same handle. */
const READABLE: ReadonlySet<string | undefined> = new Set(['full', 'read-only']);

export class Store<Prepared> {
  readonly losses: Losses;
  private open: Opened<Prepared> | undefined;
  private problem: (StoreFailure & { readonly since: number }) | undefined;
  private retryAt = 0;
  private asideAt = -Infinity;
  private lock: Database | undefined;
  private readonly aside: Array<{ at: number; file: string; message: string }> = [];
  private closed = false;
  private readonly now: () => number;

  constructor(private readonly options: StoreOptions<Prepared>) {
    this.now = options.now ?? Date.now;
    this.losses = options.losses ?? new Losses(options.log, this.now);
  }

  /** Opens the file now, so that a damaged one is found now. One that cannot be opened is no error here: `status()` says why. */
  begin(): void {
    try {
      this.read(() => undefined);
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) {
        throw error;
      }
    }
  }

  /** Errors: `StoreUnavailable`. What `work` throws itself passes through, and its changes are undone. */
  write<T>(work: (prepared: Prepared, database: Database) => T): T {
    this.look();
    return this.guard('write', (open) => {
      const { database, prepared, height } = open;
      database.exec('BEGIN IMMEDIATE');
      try {
        const answer = work(prepared, database);
        database.exec(`UPDATE height SET transactions = ${open.transactions + 1}`);
        database.exec('COMMIT');
        open.transactions += 1;
        height.write(open.transactions);
        return answer;
      } finally {
        // Left open by an error; SQLite itself has already ended it after some (a full disk).
        if (database.isOpen && database.isTransaction) {
          database.exec('ROLLBACK');
        }
      }
    });
  }

  /** Errors: `StoreUnavailable`. */
  read<T>(work: (prepared: Prepared, database: Database) => T): T {
    return this.guard('read', ({ database, prepared }) => work(prepared, database));
  }

  status(): StoreStatus {
    this.look();
    return {
      state: this.problem === undefined ? 'ok' : 'failing',
      file: this.options.file,
      bytes: this.bytes(),
      ...(this.problem === undefined ? {} : { problem: this.problem }),
      setAside: this.aside,
    };
  }

  /** Bytes in use inside the file, without its free pages; null while it is not open. */
  bytes(): number | null {
    if (this.open === undefined) {
      return null;
    }
    try {
      const pages = numberOf(this.open.database, 'page_count') - numberOf(this.open.database, 'freelist_count');
      return pages * PAGE;
    } catch {
      return null;
    }
  }

  close(): void {
    this.closed = true;
    try {
      this.open?.database.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    } catch {
      // The log stays and is read at the next start.
    }
    this.shut();
    this.lock?.close();
    this.lock = undefined;
  }

  /** Is what is open still what lies at its path? What was taken away is written there again from what is open. */
  private look(): void {
    const { open } = this;
    const { file, log, name } = this.options;
    if (open === undefined || isThere(file, open.inodes)) {
      return;
    }
    log.error({ file }, 'the file was taken away while it was used');
    const rescued = `${file}.rescued`;
    let whole = false;
    try {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      rmSync(rescued, { force: true });
      open.database.exec(`VACUUM INTO '${rescued.replaceAll("'", "''")}'`);
      whole = true;
    } catch (error) {
      log.error({ file, said: String(error) }, 'what was in the file could not be saved');
    }
    this.shut();
    this.lock?.close();
    this.lock = undefined;
    if (whole) {
      // What lies there now is not ours; a log beside it would be taken for that of the file that is put there.
      ['-wal', '-shm', '.height'].forEach((suffix) => rmSync(file + suffix, { force: true }));
      renameSync(rescued, file);
      log.info({ file }, 'the file was written anew, with everything that was in it');
    } else {
      this.losses.note(name, 'file-gone');
    }
    this.retryAt = 0;
    try {
      this.ensureOpen();
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) {
        throw error;
      }
    }
  }

  private guard<T>(how: 'read' | 'write', work: (open: Opened<Prepared>) => T): T {
    const open = this.ensureOpen();
    try {
      const answer = work(open);
      if (how === 'write' || !READABLE.has(this.problem?.problem)) {
        this.mended();
      }
      return answer;
    } catch (error) {
      const failure = failureOf(error, this.options.file);
      if (failure === undefined) {
        throw error;
      }
      this.failed(failure, error);
      throw new StoreUnavailable(failure, { cause: error });
    }
  }

  private ensureOpen(): Opened<Prepared> {
    if (this.open !== undefined) {
      return this.open;
    }
    if (this.closed) {
      throw new StoreUnavailable({
        problem: 'closed',
        message: `${this.options.file} is closed`,
        mend: 'The service is stopping; ask again when it is back.',
      });
    }
    if (this.problem !== undefined && performance.now() < this.retryAt) {
      throw new StoreUnavailable(this.problem);
    }
    for (let attempt = 0; ; attempt++) {
      try {
        return (this.open = this.openFile());
      } catch (error) {
        const failure = failureOf(error, this.options.file);
        if (failure === undefined) {
          throw error;
        }
        this.failed(failure, error);
        // The damaged file is out of the way now: the fresh one is opened at once.
        if (failure.problem !== 'corrupt' || attempt > 0) {
          throw new StoreUnavailable(failure, { cause: error });
        }
      }
    }
  }

  private openFile(): Opened<Prepared> {
    const { file, migrations, durable, maxBytes, prepare } = this.options;
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    this.lock ??= takeLock(`${file}.lock`);
    const height = Height.beside(file);
    let database: Database | undefined;
    try {
      const expected = height.read();
      const bytes = sizeOf(file);
      // An empty file is what a first start leaves that was ended in between, unless something was written once.
      if (bytes !== 0 || expected > 0 || sizeOf(`${file}-wal`) > 0) {
        const damage = damageOfHeader(file, PAGE);
        if (damage !== undefined) {
          throw damaged(damage);
        }
      }
      ownerOnly(file);
      database = new DatabaseSync(file, { timeout: 100, allowExtension: false });
      database.exec(`PRAGMA page_size = ${PAGE}`);
      database.exec('PRAGMA auto_vacuum = INCREMENTAL');
      database.exec('PRAGMA journal_mode = WAL');
      database.exec(`PRAGMA synchronous = ${durable ? 'FULL' : 'NORMAL'}`);
      // A checkpoint waits for the disk, and so does the first write after it: few of them, each after 16 MB of log. More
      // often (256 pages, or every 10 s by a timer) was measured: it multiplies the waits and shortens none.
      database.exec('PRAGMA wal_autocheckpoint = 4000');
      database.exec(`PRAGMA journal_size_limit = ${4000 * PAGE}`);
      database.exec('PRAGMA temp_store = MEMORY');
      database.exec('PRAGMA cell_size_check = ON');
      const checked = (database.prepare('PRAGMA quick_check(1)').get() as { quick_check?: string } | undefined)
        ?.quick_check;
      if (checked !== 'ok') {
        throw damaged(checked ?? 'no answer of quick_check');
      }
      database.exec(`PRAGMA max_page_count = ${Math.max(64, Math.ceil(maxBytes / PAGE))}`);
      const transactions = migrate(database, migrations);
      this.compare(expected, transactions);
      height.write(transactions);
      ['', '-wal', '-shm'].forEach((suffix) => restrict(file + suffix));
      const inodes = [statSync(file).ino, statSync(`${file}-wal`).ino] as const;
      return { database, prepared: prepare(database), transactions, height, inodes };
    } catch (error) {
      height.close();
      if (database !== undefined) {
        closeFirmly(database);
      }
      throw error;
    }
  }

  /** A file that knows fewer transactions than were written has lost the last ones. */
  private compare(written: number, known: number): void {
    const { file, log, name } = this.options;
    if (written > known) {
      log.error({ file, written, known }, 'the file does not hold what was written to it last');
      this.losses.note(name, 'entries-lost', written - known);
    }
  }

  private failed(failure: StoreFailure, error: unknown): void {
    const { log, file } = this.options;
    if (this.problem?.problem !== failure.problem) {
      log.error(
        { file, problem: failure.problem, said: error instanceof Error ? error.message : String(error) },
        failure.message
      );
      this.problem = { ...failure, since: this.now() };
    }
    if (READABLE.has(failure.problem) && this.open !== undefined) {
      return;
    }
    this.shut();
    if (failure.problem === 'corrupt') {
      this.moveAside(failure);
    } else {
      this.retryAt = performance.now() + RETRY_MS;
    }
  }

  private mended(): void {
    if (this.problem !== undefined) {
      this.options.log.info({ file: this.options.file, problem: this.problem.problem }, 'the store works again');
      this.problem = undefined;
    }
  }

  private moveAside(failure: StoreFailure): void {
    const { file, log, keepAside } = this.options;
    if (performance.now() - this.asideAt < ASIDE_EVERY_MS) {
      this.retryAt = performance.now() + ASIDE_EVERY_MS;
      return;
    }
    this.asideAt = performance.now();
    const at = this.now();
    const name = `${file}.corrupt-${new Date(at).toISOString().replace(/[-:]|\.\d+/g, '')}`;
    try {
      renameSync(file, name);
      for (const suffix of ['-wal', '-shm']) {
        // With the same suffix beside the new name, so that SQLite's tools find it.
        renameIfThere(file + suffix, name + suffix);
      }
      // The fresh file begins at nothing; that the old one is gone is noted here.
      rmSync(`${file}.height`, { force: true });
      this.losses.note(this.options.name, 'file-set-aside');
      this.aside.push({ at, file: name, message: failure.message });
      log.error({ file, setAside: name }, 'the damaged file is set aside, a fresh one is started');
      forgetOldest(file, keepAside);
    } catch (error) {
      this.retryAt = performance.now() + ASIDE_EVERY_MS;
      log.error({ file, said: (error as Error).message }, 'the damaged file cannot be set aside');
    }
  }

  private shut(): void {
    const open = this.open;
    this.open = undefined;
    if (open !== undefined) {
      open.height.close();
      closeFirmly(open.database);
    }
  }
}

/** Also ends its transaction: a connection with statements lives on after `close()` until they are collected. */
function closeFirmly(database: Database): void {
  try {
    if (database.isTransaction) {
      database.exec('ROLLBACK');
    }
    database.close();
  } catch {
    // A damaged file may refuse even this; the handle is given up either way.
  }
}

/**
 * A transaction that stays open on a file of its own. Only `exec` is used on it: a connection that has prepared a statement
 * is not closed by `close()` in this package before the statement is collected, and would go on holding the lock.
 */
function takeLock(file: string): Database {
  for (let attempt = 0; ; attempt++) {
    ownerOnly(file);
    const database = new DatabaseSync(file, { timeout: 100, allowExtension: false });
    try {
      database.exec('BEGIN EXCLUSIVE');
      return database;
    } catch (error) {
      database.close();
      // The lock file holds no data: unreadable content is no lock, and does not mean that the store is damaged.
      if (failureOf(error, file)?.problem !== 'corrupt' || attempt > 0) {
        throw error;
      }
      rmSync(file, { force: true });
    }
  }
}

/**
 * Brings the file to the newest schema; answers how many transactions it knows. The number of its schema stands in it
 * twice, so that a damaged header is not taken for a newer version.
 */
function migrate(database: Database, migrations: readonly string[]): number {
  const version = numberOf(database, 'user_version');
  const hasHeight = `SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'height'`;
  if (database.prepare(hasHeight).get() === undefined) {
    database.exec(`BEGIN IMMEDIATE; CREATE TABLE height (transactions INTEGER NOT NULL, version INTEGER NOT NULL);
      INSERT INTO height VALUES (0, ${version}); COMMIT`);
  }
  const row = database.prepare('SELECT transactions, version FROM height').get() as
    { readonly transactions: number; readonly version: number } | undefined;
  if (row?.version !== version) {
    throw damaged(`its header says schema version ${version}, and it holds ${row?.version ?? 'none'}`);
  }
  if (version > migrations.length) {
    throw new NewerSchema(version, migrations.length);
  }
  for (const [index, script] of migrations.entries()) {
    if (index >= version) {
      database.exec(
        `BEGIN IMMEDIATE; ${script}; UPDATE height SET version = ${index + 1}; PRAGMA user_version = ${index + 1}; COMMIT`
      );
    }
  }
  return row.transactions;
}

const damaged = (said: string): Error =>
  Object.assign(new Error(said), { code: 'ERR_SQLITE_ERROR', errcode: SQLITE_CORRUPT });

/** SQLite gives its log the permissions of the file. */
function ownerOnly(file: string): void {
  closeSync(openSync(file, 'a', OWNER_ONLY));
  restrict(file);
}

function restrict(file: string): void {
  try {
    chmodSync(file, OWNER_ONLY);
  } catch (error) {
    // Somebody else's file that this user may write: its permissions are theirs.
    if (!['EPERM', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')) {
      throw error;
    }
  }
}

/** 0 when there is none. */
const sizeOf = (file: string): number => foundAt(file)?.size ?? 0;

function foundAt(path: string): { readonly ino: number; readonly size: number } | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch {
    // Something else lies where the directory was.
    return undefined;
  }
}

function isThere(file: string, [ofFile, ofLog]: readonly [file: number, log: number]): boolean {
  const [found, log] = [file, `${file}-wal`].map(foundAt);
  return found?.ino === ofFile && found.size >= PAGE && log?.ino === ofLog;
}

function numberOf(database: Database, pragma: string): number {
  const row = database.prepare(`PRAGMA ${pragma}`).get() as Record<string, unknown> | undefined;
  return Number(Object.values(row ?? {})[0] ?? 0);
}

function renameIfThere(from: string, to: string): void {
  try {
    renameSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
      throw error;
    }
  }
}

function forgetOldest(file: string, keep: number): void {
  const directory = dirname(file);
  const prefix = `${basename(file)}.corrupt-`;
  const kept = readdirSync(directory)
    .filter((name) => name.startsWith(prefix) && !name.endsWith('-wal') && !name.endsWith('-shm'))
    .sort();
  for (const name of kept.slice(0, Math.max(0, kept.length - keep))) {
    for (const suffix of ['', '-wal', '-shm']) {
      rmSync(join(directory, name + suffix), { force: true });
    }
  }
}
