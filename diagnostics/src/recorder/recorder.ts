/**
 * The flight recorder. `record` is called for every full round and never throws: a recorder that cannot write says so in
 * `status()` and in the log, and the service goes on. Reading throws `StoreUnavailable`.
 *
 * Times are milliseconds since the epoch. A round is in force from its own time until the next one of its target;
 * where rounds were thinned away the states are still right, because a round that changed one is never thinned.
 */
import type { Round } from '../model/round';
import { DamagedRow, intact } from '../store/damagedRow';
import { StoreUnavailable } from '../store/failure';
import { Store, type StoreGiven, type StoreStatus } from '../store/store';
import { lettersOf, numbersOf, pack, packAgainst, stateOf, unpack, unpackAgainst } from './codec';
import { type Change, changesOf, type Gap, gapsOf, MOST_CHANGES, type Point, reduce } from './history';
import { Housekeeping } from './housekeeping';
import { retentionOf } from './retention';
import { migrations, prepare, type Dictionary, type Prepared, type RoundRow, type Tail } from './schema';

export interface RecorderOptions extends StoreGiven {
  readonly keepHours: number;
  /** Bound of the file, bytes. */
  readonly maxBytes: number;
  /** Longer without a round is a gap: nothing is known about it. ms. */
  readonly gapMs: number;
}

/** Rounds that one history reads, the newest: a check that flaps is never thinned, and others wait while they are read. */
const MOST_ROUNDS = 100_000;

export interface NothingRecorded {
  readonly found: false;
  readonly reason: 'unknown-target' | 'nothing-recorded';
  /** Times of the nearest rounds. */
  readonly before: number | null;
  readonly after: number | null;
}

export interface RoundInForce {
  readonly found: true;
  readonly round: Round;
}

export interface CheckHistory {
  readonly target: string;
  readonly check: string;
  readonly title: string;
  readonly unit: string;
  readonly threshold: Round['checks'][number]['threshold'];
  readonly from: number;
  readonly to: number;
  /** The first is the one in force at `from`, when there is one. */
  readonly points: readonly Point[];
  /** The newest. */
  readonly changes: readonly Change[];
  readonly gaps: readonly Gap[];
  /** Of a check that changes without end: how many older changes are left out, and the time before which nothing was read. */
  readonly leftOut: { readonly changes: number; readonly before: number | null };
}

export type HistoryAnswer =
  | ({ readonly found: true } & CheckHistory)
  | {
      readonly found: false;
      readonly reason: 'unknown-target' | 'unknown-check' | 'nothing-recorded';
      /** Checks that are recorded for the target in that time. */
      readonly checks: readonly string[];
      readonly gaps: readonly Gap[];
    };

export interface RecorderStatus extends StoreStatus {
  /** Rounds written and rounds that could not be written, since the start. */
  readonly recorded: number;
  readonly lost: number;
  readonly maxBytes: number;
  readonly keepHours: number;
}

/** A dictionary is replaced when it no longer fits, but not more often than this. */
const NEW_DICTIONARY_MS = 10 * 60_000;
const POOR = 0.35;
const CACHED_DICTIONARIES = 64;
const MAINTAIN_MS = 60_000;
/** Between two slices of maintenance others have their turn. */
const SLICE_MS = 20;

export class Recorder {
  readonly store: Store<Prepared>;
  private readonly housekeeping: Housekeeping;
  private readonly now: () => number;
  private recorded = 0;
  private lost = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: RecorderOptions) {
    const { file, log, losses, now } = options;
    this.now = now ?? Date.now;
    this.store = new Store({
      name: 'recorder',
      ...{ file, log, losses, now },
      migrations,
      prepare,
      durable: false,
      // Eviction begins at `maxBytes`; the file's own bound leaves it room to work.
      maxBytes: options.maxBytes * 1.1 + 1_048_576,
      keepAside: 2,
    });
    this.housekeeping = new Housekeeping({
      store: this.store,
      retention: retentionOf(options.keepHours),
      maxBytes: options.maxBytes,
      now: this.now,
      onEvicted: (rounds) => this.store.losses.note('recorder', 'rounds-dropped-early', rounds),
    });
  }

  /** Opens the file now (a damaged one is found now, not at the first round) and begins to thin. */
  start(): void {
    this.store.begin();
    this.schedule(MAINTAIN_MS);
  }

  /** False when it could not be written. The same round twice is written once. */
  record(round: Round): boolean {
    try {
      this.write(round);
      return true;
    } catch (error) {
      if (error instanceof StoreUnavailable && error.failure.problem === 'full') {
        try {
          this.makeRoom();
          this.write(round);
          return true;
        } catch {
          // Counted below; the store has said why.
        }
      }
      this.lost += 1;
      this.store.losses.note('recorder', 'rounds-not-recorded');
      if (!(error instanceof StoreUnavailable)) {
        this.options.log.error({ target: round.target, said: String(error) }, 'a round could not be recorded');
      }
      return false;
    }
  }

  /** The round in force at `ms`, or what is nearest. Errors: `StoreUnavailable`, `DamagedRow`. */
  at(target: string, ms: number): RoundInForce | NothingRecorded {
    return this.store.read((prepared) => {
      const id = targetId(prepared, target);
      if (id === undefined) {
        return { found: false, reason: 'unknown-target', before: null, after: null };
      }
      const row = prepared.roundBefore.get(id, ms) as RoundRow | undefined;
      if (row !== undefined && this.covers(prepared, id, row.at, ms)) {
        return { found: true, round: this.told(() => roundOf(prepared, row)) };
      }
      const after = prepared.timeAfter.get(id, ms) as { at: number } | undefined;
      return { found: false, reason: 'nothing-recorded', before: row?.at ?? null, after: after?.at ?? null };
    });
  }

  /** One check from `from` to `to`, in about `most` points. Errors: `StoreUnavailable`. */
  history(target: string, check: string, from: number, to: number, most = 1000): HistoryAnswer {
    return this.store.read((prepared) => {
      const id = targetId(prepared, target);
      if (id === undefined) {
        return { found: false, reason: 'unknown-target', checks: [], gaps: [{ from, to }] };
      }
      const gaps = this.gaps(prepared, id, from, to);
      const before = prepared.roundBefore.get(id, from) as RoundRow | undefined;
      const first = before !== undefined && this.covers(prepared, id, before.at, from) ? before.at : from;
      const newest = prepared.points.all(id, first, to, MOST_ROUNDS) as Array<{
        at: number;
        dictionary: number;
        states: string;
        numbers: string;
      }>;
      const rows = newest.reverse();
      const points: Point[] = [];
      const seen = new Set<string>();
      let latest: number | undefined;
      for (const { at, dictionary, states, numbers } of rows) {
        // One that cannot be read is a point less, not a history less.
        this.readable(() => {
          const { checks } = dictionaryOf(prepared, dictionary);
          checks.forEach((name) => seen.add(name));
          const index = checks.indexOf(check);
          if (index >= 0) {
            const values = intact('the values of a round', () => JSON.parse(numbers) as Array<number | null>);
            points.push({ at, state: stateOf(states, index), value: values[index] ?? null });
            latest = at;
          }
        });
      }
      if (latest === undefined) {
        const reason = rows.length === 0 ? 'nothing-recorded' : 'unknown-check';
        return { found: false, reason, checks: [...seen].sort(), gaps };
      }
      const changes = changesOf(points, gaps);
      const row = prepared.roundAt.get(id, latest) as unknown as RoundRow;
      const described = this.readable(() => roundOf(prepared, row))?.checks.find((each) => each.id === check);
      return {
        found: true,
        target,
        check,
        title: described?.title ?? check,
        unit: described?.unit ?? '',
        threshold: described?.threshold ?? null,
        from,
        to,
        points: reduce(points, most),
        changes: changes.slice(-MOST_CHANGES),
        gaps,
        leftOut: {
          changes: Math.max(0, changes.length - MOST_CHANGES),
          before: rows.length < MOST_ROUNDS ? null : (rows[0]?.at ?? null),
        },
      };
    });
  }

  /** The last recorded round of a target, whatever its age; undefined when it cannot be read. Errors: `StoreUnavailable`. */
  last(target: string): Round | undefined {
    return this.store.read((prepared) => {
      const id = targetId(prepared, target);
      const row = id === undefined ? undefined : (prepared.lastRound.get(id) as RoundRow | undefined);
      return row === undefined ? undefined : this.readable(() => roundOf(prepared, row));
    });
  }

  /** One slice of thinning and dropping. True when there is more to do. Errors: `StoreUnavailable`. */
  maintain(): boolean {
    return this.housekeeping.next();
  }

  status(): RecorderStatus {
    const { maxBytes, keepHours } = this.options;
    return { ...this.store.status(), recorded: this.recorded, lost: this.lost, maxBytes, keepHours };
  }

  close(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.store.close();
  }

  private makeRoom(): void {
    let more = true;
    while (more) {
      more = this.housekeeping.makeRoom();
    }
  }

  private schedule(ms: number): void {
    this.timer = setTimeout(() => {
      let more = false;
      try {
        more = this.maintain();
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) {
          this.options.log.error({ said: String(error) }, 'the recorder could not be thinned');
        }
      }
      if (this.timer !== undefined) {
        this.schedule(more ? SLICE_MS : MAINTAIN_MS);
      }
    }, ms).unref();
  }

  private write(round: Round): void {
    let known: [Prepared, Tail] | undefined;
    this.store.write((prepared) => {
      const tail = prepared.tails.get(round.target) ?? this.loadTail(prepared, round.target);
      const at = Math.round(round.startedAt);
      if (prepared.roundAt.get(tail.target, at) !== undefined) {
        return;
      }
      const letters = lettersOf(round);
      const checks = JSON.stringify(round.checks.map((check) => check.id));
      const key = `${round.state} ${round.class} ${letters} ${checks}`;
      const continues =
        tail.lastAt !== undefined &&
        tail.began !== undefined &&
        at > tail.lastAt &&
        at - tail.lastAt <= this.options.gapMs;
      const changed = !continues || key !== tail.key;
      const began = continues && tail.began !== undefined ? tail.began : at;
      if (continues) {
        prepared.lengthenStretch.run(at, tail.target, began);
      } else {
        prepared.addStretch.run(tail.target, at, at);
      }
      const { dictionary, body } = this.compress(prepared, tail, round, checks);
      prepared.addRound.run(tail.target, at, dictionary.id, letters, numbersOf(round), changed ? 1 : 0, body);
      known = [prepared, { target: tail.target, key, lastAt: at, began, dictionary }];
    });
    if (known !== undefined) {
      // Only now that it is written: what was rolled back must not be remembered.
      known[0].tails.set(round.target, known[1]);
      this.recorded += 1;
    }
  }

  /** What the file says about the end of a target's rounds, after a start. */
  private loadTail(prepared: Prepared, name: string): Tail {
    const target = targetId(prepared, name) ?? Number(prepared.addTarget.run(name).lastInsertRowid);
    const row = prepared.lastRound.get(target) as RoundRow | undefined;
    // After one that cannot be read, recording begins as at the first round.
    const known = row === undefined ? undefined : this.readable(() => endOf(prepared, row));
    return { target, key: undefined, lastAt: undefined, began: undefined, dictionary: undefined, ...known };
  }

  private compress(
    prepared: Prepared,
    tail: Tail,
    round: Round,
    checks: string
  ): { dictionary: Dictionary; body: Uint8Array } {
    const json = JSON.stringify(round);
    const present = tail.dictionary;
    if (present !== undefined && present.checks === checks) {
      const body = packAgainst(json, present.body);
      if (body.length <= json.length * POOR || round.startedAt - present.madeAt < NEW_DICTIONARY_MS) {
        return { dictionary: present, body };
      }
    }
    const bytes = Buffer.from(json);
    const id = Number(prepared.addDictionary.run(tail.target, checks, pack(bytes)).lastInsertRowid);
    const dictionary = { id, checks, body: bytes, madeAt: round.startedAt };
    return { dictionary, body: packAgainst(json, bytes) };
  }

  private told<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (error instanceof DamagedRow) {
        this.options.log.error({ said: error.message, cause: String(error.cause) }, 'a recorded round cannot be read');
        this.store.losses.note('recorder', 'rows-damaged');
      }
      throw error;
    }
  }

  private readable<T>(work: () => T): T | undefined {
    try {
      return this.told(work);
    } catch (error) {
      if (error instanceof DamagedRow) {
        return undefined;
      }
      throw error;
    }
  }

  /** Whether a round of `at` is in force at `ms`: recording went on without a gap, or `ms` is just after it. */
  private covers(prepared: Prepared, target: number, at: number, ms: number): boolean {
    const stretch = prepared.stretchAt.get(target, ms) as { began: number; lasted: number } | undefined;
    return (
      ms - at <= this.options.gapMs ||
      (stretch !== undefined && at >= stretch.began && ms <= stretch.lasted + this.options.gapMs)
    );
  }

  private gaps(prepared: Prepared, target: number, from: number, to: number): Gap[] {
    const { gapMs } = this.options;
    const stretches = prepared.stretches.all(target, from - gapMs, to) as ReadonlyArray<{
      began: number;
      lasted: number;
    }>;
    return gapsOf(
      stretches.map(({ began, lasted }) => ({ began, lasted: lasted + gapMs })),
      from,
      Math.min(to, this.now())
    );
  }
}

function targetId(prepared: Prepared, name: string): number | undefined {
  return (prepared.targetByName.get(name) as { id: number } | undefined)?.id;
}

/** Errors: `DamagedRow`. */
function endOf(prepared: Prepared, row: RoundRow): Omit<Tail, 'target'> {
  const round = roundOf(prepared, row);
  const { checks, body } = dictionaryOf(prepared, row.dictionary);
  const stretch = prepared.lastStretch.get(row.target) as { began: number; lasted: number } | undefined;
  const listed = JSON.stringify(checks);
  return {
    key: `${round.state} ${round.class} ${lettersOf(round)} ${listed}`,
    lastAt: row.at,
    began: stretch?.began,
    dictionary: { id: row.dictionary, checks: listed, body, madeAt: startedAtOf(body) },
  };
}

/** Errors: `DamagedRow`. */
function dictionaryOf(prepared: Prepared, id: number): { checks: readonly string[]; body: Uint8Array } {
  const known = prepared.dictionaries.get(id);
  if (known !== undefined) {
    return known;
  }
  const row = prepared.dictionary.get(id) as { checks: string; body: Uint8Array } | undefined;
  if (row === undefined) {
    throw new DamagedRow(`the dictionary ${id}, which is not there,`);
  }
  const loaded = intact(`the dictionary ${id}`, () => ({
    checks: JSON.parse(row.checks) as string[],
    body: unpack(row.body),
  }));
  if (prepared.dictionaries.size >= CACHED_DICTIONARIES) {
    prepared.dictionaries.clear();
  }
  prepared.dictionaries.set(id, loaded);
  return loaded;
}

/** A dictionary is the JSON of the round that it was made from. */
const startedAtOf = (dictionary: Uint8Array): number =>
  (JSON.parse(Buffer.from(dictionary).toString('utf8')) as Round).startedAt;

/** Errors: `DamagedRow`. */
function roundOf(prepared: Prepared, row: RoundRow): Round {
  return intact(`the round ${row.id}`, () => unpackAgainst(row.body, dictionaryOf(prepared, row.dictionary).body));
}
