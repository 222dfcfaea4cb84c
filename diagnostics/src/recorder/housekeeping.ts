/**
 * The recorder's housekeeping, one target at a time and at most `SLICE` rounds a transaction, so that no answer of the
 * service waits for it: thin what has grown older, drop what is too old, and make room when the file reaches its bound.
 *
 * When the bound is reached, rounds go oldest first: those that changed nothing, then those that changed a state. The
 * bound always wins: a disk that is full takes more than old rounds. What goes before its time is told to `onEvicted`.
 */
import type { Store } from '../store/store';
import { bucketStart, type KeptRound, type Retention, surplus } from './retention';
import type { Prepared } from './schema';

const SLICE = 500;
const EVICT = 200;
const VACUUM_PAGES = 64;

export interface HousekeepingOptions {
  readonly store: Store<Prepared>;
  readonly retention: Retention;
  readonly maxBytes: number;
  readonly now: () => number;
  readonly onEvicted: (rounds: number) => void;
}

interface Stretch {
  readonly began: number;
  readonly lasted: number;
}

export class Housekeeping {
  /** Targets that are still to be visited in this turn. */
  private queue: number[] = [];
  /** Up to where each tier of each target is thinned: `<target>/<tier>` → ms. */
  private readonly thinnedTo = new Map<string, number>();

  constructor(private readonly options: HousekeepingOptions) {}

  /** One slice. True when the turn is not over. Errors: `StoreUnavailable`. */
  next(): boolean {
    if (this.makeRoom()) {
      return true;
    }
    if (this.queue.length === 0) {
      this.queue = this.targets();
    }
    const target = this.queue[0];
    if (target === undefined) {
      return false;
    }
    if (!this.visit(target)) {
      this.queue.shift();
    }
    if (this.queue.length > 0) {
      return true;
    }
    this.options.store.read((_, database) => database.exec(`PRAGMA incremental_vacuum(${VACUUM_PAGES})`));
    return false;
  }

  /** One slice of making room. True when the file is still above its bound. Errors: `StoreUnavailable`. */
  makeRoom(): boolean {
    const { store, maxBytes, onEvicted } = this.options;
    if ((store.bytes() ?? 0) <= maxBytes) {
      return false;
    }
    let evicted = 0;
    const shortened = store.write((prepared) => {
      type Rows = ReadonlyArray<{ readonly id: number; readonly target: number; readonly at: number }>;
      const plain = prepared.oldestPlain.all(EVICT) as Rows;
      const rows = plain.length > 0 ? plain : (prepared.oldest.all(EVICT) as Rows);
      rows.forEach(({ id }) => prepared.dropRound.run(id));
      evicted = rows.length;
      if (plain.length > 0) {
        return [];
      }
      // A change of state is gone: what was in force until the next round that is left is no longer known.
      const gone = new Map(rows.map(({ target, at }) => [target, at]));
      gone.forEach((at, target) => beginAfter(prepared, target, at));
      return [...gone.keys()];
    });
    onEvicted(evicted);
    this.forgetTails(shortened);
    return (store.bytes() ?? 0) > maxBytes;
  }

  private targets(): number[] {
    const rows = this.options.store.read((prepared) => prepared.targetNames.all()) as ReadonlyArray<{ id: number }>;
    return rows.map(({ id }) => id);
  }

  /** True when this target needs another slice. */
  private visit(target: number): boolean {
    const { store, retention } = this.options;
    for (const tier of retention.tiers.keys()) {
      if (this.thin(target, tier)) {
        return true;
      }
    }
    if (this.expire(target)) {
      return true;
    }
    store.write((prepared) => dropUnusedDictionaries(prepared, target));
    return false;
  }

  private thin(target: number, tier: number): boolean {
    const { store, retention } = this.options;
    const now = this.options.now();
    const until = now - (retention.tiers[tier]?.afterMs ?? 0);
    const key = `${target}/${tier}`;
    const from = bucketStart(this.thinnedTo.get(key) ?? 0, retention);
    const { last, whole } = store.write((prepared) => {
      const rounds = readKept(prepared.between.all(target, from, until, SLICE));
      surplus(rounds, now, { ...retention, keepMs: Infinity }).forEach(({ id }) => prepared.dropRound.run(id));
      return { last: rounds.at(-1)?.at ?? until, whole: rounds.length < SLICE };
    });
    // A bucket that is fuller than a slice must not be read for ever: the next one follows in any case.
    const onward = Math.max(bucketStart(last, retention), from + coarsest(retention));
    this.thinnedTo.set(key, whole ? until : onward);
    return !whole;
  }

  private expire(target: number): boolean {
    const { store, retention } = this.options;
    const now = this.options.now();
    const [shortened, more] = store.write((prepared): [number[], boolean] => {
      const rounds = readKept(prepared.expired.all(target, now - retention.keepMs, SLICE));
      const last = rounds.at(-1)?.at;
      if (rounds.length < 2 || last === undefined) {
        return [[], false];
      }
      surplus(rounds, now, retention).forEach(({ id }) => prepared.dropRound.run(id));
      beginAt(prepared, target, last);
      return [[target], rounds.length === SLICE];
    });
    this.forgetTails(shortened);
    return more;
  }

  /** Their stretches begin elsewhere now: read again from the file, and only after that is written. */
  private forgetTails(targets: readonly number[]): void {
    if (targets.length > 0) {
      this.options.store.read(({ tails }) => {
        for (const [name, tail] of tails) {
          if (targets.includes(tail.target)) {
            tails.delete(name);
          }
        }
      });
    }
  }
}

const coarsest = (retention: Retention): number => Math.max(1, ...retention.tiers.map((tier) => tier.everyMs));

/** Recording is known from `from` on: stretches that ended before go, the one that spans it begins there. */
function beginAt(prepared: Prepared, target: number, from: number): void {
  for (const { began, lasted } of prepared.stretches.all(target, 0, from - 1) as Stretch[]) {
    prepared.dropStretch.run(target, began);
    if (lasted >= from) {
      prepared.addStretch.run(target, from, lasted);
    }
  }
}

/** Nothing is known until the first round after `gone`. */
function beginAfter(prepared: Prepared, target: number, gone: number): void {
  const first = prepared.timeAfter.get(target, gone) as { at: number } | undefined;
  beginAt(prepared, target, first?.at ?? Number.MAX_SAFE_INTEGER);
}

function dropUnusedDictionaries(prepared: Prepared, target: number): void {
  const present = [...prepared.tails.values()].find((tail) => tail.target === target)?.dictionary?.id;
  for (const { id } of prepared.dictionaryIds.all(target) as Array<{ id: number }>) {
    if (id !== present && prepared.dictionaryUsed.get(id) === undefined) {
      prepared.dropDictionary.run(id);
      prepared.dictionaries.delete(id);
    }
  }
}

const readKept = (rows: unknown): KeptRound[] =>
  (rows as ReadonlyArray<Omit<KeptRound, 'changed'> & { readonly changed: number }>).map((row) => ({
    ...row,
    changed: row.changed === 1,
  }));
