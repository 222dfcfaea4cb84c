/**
 * The directory of packs, followed. Changes are noticed by watching it; and because watching is not reliable everywhere
 * (network file systems, the links of a ConfigMap), whoever asks also has the files' times compared, at most once a second.
 */
import { type FSWatcher, watch } from 'node:fs';
import type { StoreLog } from '../store/store';
import { formatProblem } from '@live-runbooks/engine/authoring';
import { COMPILE_MS, compilerOf } from './compiler';
import { withKinds } from './kinds';
import { EMPTY, isWorthAnotherTry, type Library, reload } from './library';
import { list, read } from './read';

export interface WatchedPacksOptions {
  readonly directory: string;
  readonly log: StoreLog;
  readonly now?: () => number;
  /** A save is often several writes; ms of quiet before reading. */
  readonly debounceMs?: number;
  /** How often a question may look at the files, ms. */
  readonly rescanMs?: number;
  /** How long one pack may take to be compiled, ms; twice as long in each further try. */
  readonly compileMs?: number;
  /** After how long a pack that was not compiled is tried again, ms; each further time after twice as long. */
  readonly retryMs?: number;
  /** How long a question waits for a change to be compiled, ms. */
  readonly patienceMs?: number;
}

const PATIENCE_MS = 1200;
const RETRY_MS = 15_000;
/** A pack that can never be compiled costs a core for a minute, once in half an hour. */
const LONGEST_COMPILE_MS = 60_000;
const LONGEST_RETRY_MS = 1_800_000;
const patience = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref());

export class WatchedPacks {
  private library: Library = EMPTY;
  private signature: string | undefined;
  private scannedAt = -Infinity;
  private scanning: Promise<void> | undefined;
  private watcher: FSWatcher | undefined;
  private timer: NodeJS.Timeout | undefined;
  /** How often the present files were tried in vain. */
  private tries = 0;
  private retryAt = Infinity;
  private retryTimer: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(private readonly options: WatchedPacksOptions) {}

  /** Begins to read everything, and to watch. Problems of the files are no error, and nobody waits for them. */
  start(): void {
    void this.scan();
    this.watch();
  }

  /** Resolves when the files have been read, or cannot be. */
  loaded(): Promise<void> {
    return this.scanning ?? Promise.resolve();
  }

  /** The packs as the files are now; as they were read last while a change takes long. */
  async current(): Promise<Library> {
    if (performance.now() - this.scannedAt >= (this.options.rescanMs ?? 1000)) {
      await Promise.race([this.scan(), patience(this.options.patienceMs ?? PATIENCE_MS)]);
    }
    return this.library;
  }

  /** The packs as they were read last. */
  last(): Library {
    return this.library;
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
    clearTimeout(this.retryTimer);
    this.watcher?.close();
    this.watcher = undefined;
  }

  private scan(): Promise<void> {
    this.scanning ??= this.scanNow()
      .catch((error: unknown) => this.options.log.error({ said: String(error) }, 'the custom packs could not be read'))
      .finally(() => {
        this.scanning = undefined;
      });
    return this.scanning;
  }

  private async scanNow(): Promise<void> {
    const { directory, log, now = Date.now } = this.options;
    const listing = await list(directory);
    this.scannedAt = performance.now();
    const isChanged = listing.signature !== this.signature;
    if (!isChanged && performance.now() < this.retryAt) {
      return;
    }
    this.tries = isChanged ? 0 : this.tries;
    const { files, problems } = await read(directory, listing);
    const compiler = compilerOf(await withKinds(files), this.compileMs());
    let library: Library;
    try {
      library = await reload(this.library, files, problems, now(), compiler);
    } finally {
      compiler.close();
    }
    this.signature = listing.signature;
    this.library = library;
    this.planRetry();
    const packs = library.packs.map(({ pack, stale }) => (stale ? `${pack.id} (last good version)` : pack.id));
    if (library.problems.length === 0) {
      log.info({ directory, packs }, 'custom packs loaded');
    } else {
      log.warn(
        { directory, packs, problems: library.problems.slice(0, 20).map(formatProblem) },
        'custom packs have problems'
      );
    }
  }

  private compileMs(): number {
    const { compileMs = COMPILE_MS } = this.options;
    return Math.min(compileMs * 2 ** this.tries, Math.max(compileMs, LONGEST_COMPILE_MS));
  }

  /** Files do not change because a machine was busy: what was not compiled is tried again without being touched. */
  private planRetry(): void {
    clearTimeout(this.retryTimer);
    if (this.closed || !isWorthAnotherTry(this.library)) {
      this.retryAt = Infinity;
      return;
    }
    const waitMs = Math.min((this.options.retryMs ?? RETRY_MS) * 2 ** this.tries, LONGEST_RETRY_MS);
    this.tries += 1;
    this.retryAt = performance.now() + waitMs;
    // A little later than due: a timer may fire early by a part of a millisecond.
    this.retryTimer = setTimeout(() => void this.scan(), waitMs + 1).unref();
  }

  private watch(): void {
    const { directory, log, debounceMs = 200 } = this.options;
    try {
      this.watcher = watch(directory, { recursive: true, persistent: false }, () => {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => void this.scan(), debounceMs).unref();
      });
      this.watcher.on('error', (error) => {
        this.watcher?.close();
        this.watcher = undefined;
        if (!this.closed) {
          log.warn({ directory, said: error.message }, 'the packs are not watched; they are looked at when asked for');
        }
      });
    } catch (error) {
      log.warn(
        { directory, said: (error as Error).message },
        'the packs are not watched; they are looked at when asked for'
      );
    }
  }
}
