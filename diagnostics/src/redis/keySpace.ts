/**
 * The keys of all databases, examined a few at a time: each round goes on where the last one stopped (SCAN cursor), so that
 * no round costs the server more than its share, and the whole key space is seen after enough of them.
 */
import { coverageOf } from '../model/coverage';
import { hasPrefix, kindOfKey, maskedKey } from './keyName';
import { type KeySigns, standsStill } from './keySigns';
import { LENGTH } from './length';
import type { Answer } from './session';

/** However often rounds are taken, keys are looked at in this pace: looking costs the server more than all else that is asked. */
const PACE_MS = 10_000;
/** After every key was seen. */
const REST_MS = 60_000;
/** After every key was seen, while nobody asks. */
const UNASKED_REST_MS = 3_600_000;
/** The same while nothing says that keys have changed: it is so long that this many are looked at in a minute on average. */
const STILL_KEYS_A_MINUTE = 8;
/** The longest that it may be. */
const STILL_REST_MS = 7 * 24 * 3_600_000;
/** Bounds of one round. */
const KEYS_A_ROUND = 2000;
/** Of one that nobody asked for. */
export const KEYS_UNASKED = 500;
const MS_A_ROUND = 200;
const SCAN_COUNT = 1000;
/** Commands of so many keys go in one round trip: others get their turn between them. */
const CHUNK = 250;
const LARGEST_KEPT = 20;
const KINDS_KEPT = 300;

/** Asks in a database; texts are bytes. Rejects when the session is lost; a database that is refused answers that refusal. */
export type AskIn = (database: number, commands: ReadonlyArray<readonly string[]>) => Promise<readonly Answer[]>;

interface Counted {
  keys: number;
  bytes: number;
  withoutTtl: number;
}

interface Pass {
  readonly startedAt: number;
  /** As they were when it began. */
  readonly signs: KeySigns | undefined;
  seen: number;
  /** Keys seen and not read, and what the server said to the first. */
  unread: number;
  refusal: Error | undefined;
  /** Databases that could not be read at all, and what the server said. */
  readonly refused: Map<number, Error>;
  /** The largest only. */
  largest: Found[];
  readonly kinds: Map<string, Counted>;
  /** By configured prefix; an example of a key without a TTL, masked. */
  readonly expiring: Map<string, Counted & { example: string | null }>;
}

interface Found {
  readonly database: number;
  readonly key: string;
  readonly bytes: number;
}

export interface LargeKey extends Found {
  readonly type: string;
  readonly elements: number | null;
}

export interface KeySpaceView {
  /** Keys in all databases. */
  readonly keys: number;
  /** Databases that have keys. */
  readonly databases: number;
  /** Share of the keys that what follows is true of, 0–1. */
  readonly coverage: number;
  /** What could not be read although its turn came: a database, or some keys of any. */
  readonly blind: ReadonlyArray<{ readonly object: string; readonly error: Error }>;
  /** Keys examined in this round. */
  readonly examined: number;
  /** Seconds since the last complete pass began; null before the first is complete. */
  readonly passAgeSeconds: number | null;
  /** Examined just now, the largest first. */
  readonly largest: readonly LargeKey[];
  readonly kinds: ReadonlyMap<string, Readonly<Counted>>;
  readonly expiring: ReadonlyMap<string, Readonly<Counted & { example: string | null }>>;
}

/** How long a pass over so many keys is followed by none while nobody asks. ms. */
export function unaskedRestMs(keys: number, still: boolean): number {
  const share = (keys / STILL_KEYS_A_MINUTE) * 60_000;
  return still ? Math.min(STILL_REST_MS, Math.max(UNASKED_REST_MS, share)) : UNASKED_REST_MS;
}

/** What a look at keys goes by, beside the databases. */
export interface LookOptions {
  /** ms since the epoch. */
  readonly now: number;
  readonly leftMs: number;
  /** A few keys in any case. */
  readonly forced: boolean;
  /** Fewer, since nobody waits for them. */
  readonly unasked: boolean;
  /** Nothing was found among the keys lately. */
  readonly fine: boolean;
  /** Of now; undefined: not known. */
  readonly signs: KeySigns | undefined;
}

export class KeySpace {
  /** Where SCAN goes on; undefined: in the next database of the pass. */
  private place: { readonly database: number; cursor: string } | undefined;
  private queue: number[] = [];
  /** Keys that SCAN has named and that are not examined yet. */
  private backlog: { readonly database: number; readonly keys: readonly string[] } = { database: 0, keys: [] };
  private pass: Pass;
  private complete: Pass | undefined;
  /** What was found last, and when (of `clock`); `rests`: every key was seen by then. */
  private last: { readonly view: KeySpaceView; readonly at: number; readonly rests: boolean } | undefined;

  constructor(
    private readonly expiring: readonly string[],
    private readonly clock: () => number = () => performance.now()
  ) {
    this.pass = this.begin(0);
  }

  /** The server could not be asked: what was found last may not be true of what comes back. */
  forget(): void {
    this.last = undefined;
  }

  /** What was found last while it is young, or else a few more keys. See `step`. */
  async look(
    askIn: AskIn,
    databases: ReadonlyMap<number, number>,
    { forced, unasked, fine, signs, ...options }: LookOptions
  ): Promise<KeySpaceView> {
    const { last } = this;
    if (!forced && last !== undefined && this.clock() - last.at < this.restMs(last.rests, { unasked, fine, signs })) {
      return { ...last.view, examined: 0 };
    }
    const most = unasked ? KEYS_UNASKED : KEYS_A_ROUND;
    const view = await this.step(askIn, databases, { ...options, most, signs });
    this.last = { view, at: this.clock(), rests: this.pass.startedAt === 0 && view.passAgeSeconds !== null };
    return view;
  }

  private restMs(rests: boolean, { unasked, fine, signs }: Pick<LookOptions, 'unasked' | 'fine' | 'signs'>): number {
    if (!rests) {
      return PACE_MS;
    }
    if (!unasked) {
      return REST_MS;
    }
    const still = fine && standsStill(this.complete?.signs, signs, this.expiring.length > 0);
    return unaskedRestMs(this.complete?.seen ?? 0, still);
  }

  /**
   * Examines a few more keys. `databases`: those that have keys, with how many. Rejects when the session is lost; the next
   * step goes on.
   */
  private async step(
    askIn: AskIn,
    databases: ReadonlyMap<number, number>,
    { now, leftMs, most, signs }: Pick<LookOptions, 'now' | 'leftMs' | 'signs'> & { readonly most: number }
  ): Promise<KeySpaceView> {
    const end = this.clock() + Math.min(MS_A_ROUND, leftMs);
    if (this.pass.startedAt === 0) {
      this.pass = this.begin(now, signs);
      this.queue = [...databases.keys()].sort((a, b) => a - b);
    }
    let examined = 0;
    let ended = false;
    while (!ended && examined < most && this.clock() < end) {
      if (this.backlog.keys.length === 0) {
        ended = !(await this.scan(askIn));
      } else {
        examined += await this.examine(askIn);
        ended = this.backlog.keys.length === 0 && this.place === undefined && this.queue.length === 0;
      }
    }
    if (ended) {
      this.complete = this.pass;
      this.pass = this.begin(0);
    }
    return this.view(askIn, databases, now, examined);
  }

  private begin(startedAt: number, signs?: KeySigns): Pass {
    const none = () => ({ keys: 0, bytes: 0, withoutTtl: 0, example: null });
    return {
      ...{ startedAt, signs, seen: 0, unread: 0, refusal: undefined, refused: new Map<number, Error>(), largest: [] },
      kinds: new Map<string, Counted>(),
      expiring: new Map(this.expiring.map((prefix) => [prefix, none()])),
    };
  }

  /** Fills the backlog. False: every database is through. */
  private async scan(askIn: AskIn): Promise<boolean> {
    const database = this.place?.database ?? this.queue.shift();
    if (database === undefined) {
      return false;
    }
    this.place ??= { database, cursor: '0' };
    const [answer = null] = await askIn(database, [['SCAN', this.place.cursor, 'COUNT', String(SCAN_COUNT)]]);
    if (answer instanceof Error) {
      this.pass.refused.set(database, answer);
      this.place = undefined;
      return true;
    }
    const [next, keys] = answer as readonly [string, readonly string[]];
    this.place = next === '0' ? undefined : { database, cursor: next };
    this.backlog = { database, keys };
    return true;
  }

  /** How many keys were examined. */
  private async examine(askIn: AskIn): Promise<number> {
    const { database, keys } = this.backlog;
    const chunk = keys.slice(0, CHUNK);
    const replies = await askIn(
      database,
      chunk.flatMap((key) => [
        ['MEMORY', 'USAGE', key],
        ['PTTL', key],
      ])
    );
    chunk.forEach((key, index) => this.note({ database, key }, replies[2 * index], replies[2 * index + 1]));
    this.backlog = { database, keys: keys.slice(chunk.length) };
    return chunk.length;
  }

  private note({ database, key }: Omit<Found, 'bytes'>, usage: Answer | undefined, ttl: Answer | undefined): void {
    const { pass } = this;
    pass.seen += 1;
    const refusal = usage instanceof Error ? usage : ttl instanceof Error ? ttl : undefined;
    if (refusal !== undefined) {
      pass.unread += 1;
      pass.refusal ??= refusal;
      return;
    }
    if (typeof usage !== 'number') {
      // Gone since SCAN named it.
      return;
    }
    const forever = ttl === -1;
    const add = (counted: Counted): void => {
      counted.keys += 1;
      counted.bytes += usage;
      counted.withoutTtl += forever ? 1 : 0;
    };
    const kind = kindOfKey(key);
    const name = pass.kinds.has(kind) || pass.kinds.size < KINDS_KEPT ? kind : '(others)';
    const counted = pass.kinds.get(name) ?? { keys: 0, bytes: 0, withoutTtl: 0 };
    add(counted);
    pass.kinds.set(name, counted);
    for (const [prefix, each] of pass.expiring) {
      if (hasPrefix(key, prefix)) {
        add(each);
        each.example ??= forever ? maskedKey(key) : null;
      }
    }
    pass.largest.push({ database, key, bytes: usage });
    if (pass.largest.length > 4 * LARGEST_KEPT) {
      pass.largest = largestOf(pass.largest);
    }
  }

  private async view(
    askIn: AskIn,
    databases: ReadonlyMap<number, number>,
    now: number,
    examined: number
  ): Promise<KeySpaceView> {
    const { complete, pass } = this;
    const shown = complete ?? pass;
    const known = new Map(
      [...(complete?.largest ?? []), ...pass.largest].map((each) => [`${each.database} ${each.key}`, each])
    );
    const keys = [...databases.values()].reduce((sum, each) => sum + each, 0);
    const missed = [...shown.refused.keys()].reduce((sum, each) => sum + (databases.get(each) ?? 0), 0);
    const read = shown.seen - shown.unread;
    const all = complete === undefined ? keys : shown.seen + missed;
    return {
      keys,
      databases: databases.size,
      coverage: coverageOf(read, all),
      blind: [
        ...[...shown.refused].map(([database, error]) => ({ object: `database ${database}`, error })),
        ...(shown.refusal === undefined ? [] : [{ object: `${shown.unread} keys`, error: shown.refusal }]),
      ],
      examined,
      passAgeSeconds: complete === undefined ? null : Math.max(0, Math.round((now - complete.startedAt) / 1000)),
      largest: await describeKeys(askIn, largestOf([...known.values()])),
      kinds: shown.kinds,
      expiring: shown.expiring,
    };
  }
}

const largestOf = <T extends Found>(found: readonly T[]): T[] =>
  [...found].sort((a, b) => b.bytes - a.bytes).slice(0, LARGEST_KEPT);

/** As they are now; those that are gone are left out. */
async function describeKeys(askIn: AskIn, candidates: readonly Found[]): Promise<LargeKey[]> {
  const described: LargeKey[] = [];
  for (const database of new Set(candidates.map((each) => each.database))) {
    const here = candidates.filter((each) => each.database === database);
    const replies = await askIn(
      database,
      here.flatMap(({ key }) => [
        ['TYPE', key],
        ['MEMORY', 'USAGE', key],
      ])
    );
    const present = here.flatMap(({ key }, index) => {
      const [type, bytes] = [replies[2 * index], replies[2 * index + 1]];
      return typeof bytes === 'number'
        ? [{ database, key, bytes, type: typeof type === 'string' ? type : 'unknown' }]
        : [];
    });
    const countable = present.filter(({ type }) => LENGTH[type] !== undefined);
    const lengths = await askIn(
      database,
      countable.map(({ key, type }) => [LENGTH[type] ?? '', key])
    );
    const elements = new Map(countable.map(({ key }, index) => [key, lengths[index]]));
    described.push(
      ...present.map((each) => {
        const count = elements.get(each.key);
        return { ...each, elements: typeof count === 'number' ? count : null };
      })
    );
  }
  return largestOf(described);
}
