/**
 * The keys of a database, examined a few at a time: each round goes on where the last one stopped (SCAN cursor), so that
 * no round costs the server more than its share, and the whole key space is seen after enough of them.
 */
import { maskedKey, kindOfKey } from './masked-key';
import type { Reply } from './session';

/** Bounds of one round. */
const KEYS_A_ROUND = 2000;
const MS_A_ROUND = 200;
const SCAN_COUNT = 1000;
/** Commands of so many keys go in one round trip: others get their turn between them. */
const CHUNK = 250;
const LARGEST_KEPT = 20;
const KINDS_KEPT = 300;

const LENGTH: Readonly<Record<string, string>> = {
  list: 'LLEN',
  hash: 'HLEN',
  set: 'SCARD',
  zset: 'ZCARD',
  stream: 'XLEN',
  string: 'STRLEN',
};

type Ask = (commands: ReadonlyArray<readonly string[]>) => Promise<ReadonlyArray<Reply | Error>>;

interface Counted {
  keys: number;
  bytes: number;
  withoutTtl: number;
}

interface Pass {
  readonly startedAt: number;
  seen: number;
  /** Key → bytes, the largest only. */
  readonly largest: Map<string, number>;
  readonly kinds: Map<string, Counted>;
  /** By configured prefix; an example of a key without a TTL, masked. */
  readonly expiring: Map<string, Counted & { example: string | null }>;
}

export interface LargeKey {
  readonly key: string;
  readonly type: string;
  readonly bytes: number;
  readonly elements: number | null;
}

export interface KeySpaceView {
  /** Keys in the database. */
  readonly keys: number;
  /** Share of them that what follows is true of, 0–1. */
  readonly coverage: number;
  /** Keys examined in this round. */
  readonly examined: number;
  /** Seconds since the last complete pass began; null before the first is complete. */
  readonly passAgeSeconds: number | null;
  /** Examined just now, the largest first. */
  readonly largest: readonly LargeKey[];
  readonly kinds: ReadonlyMap<string, Readonly<Counted>>;
  readonly expiring: ReadonlyMap<string, Readonly<Counted & { example: string | null }>>;
}

export class KeySpace {
  private cursor = '0';
  /** Keys that SCAN has named and that are not examined yet. */
  private backlog: string[] = [];
  private pass: Pass;
  private complete: Pass | undefined;

  constructor(
    private readonly expiring: readonly string[],
    private readonly clock: () => number = () => performance.now()
  ) {
    this.pass = this.begin(0);
  }

  /** Examines a few more keys. Rejects with the server's refusal (NOPERM, LOADING …); the next step goes on. */
  async step(ask: Ask, now: number, leftMs: number): Promise<KeySpaceView> {
    const end = this.clock() + Math.min(MS_A_ROUND, leftMs);
    if (this.pass.startedAt === 0) {
      this.pass = this.begin(now);
    }
    let examined = 0;
    let ended = false;
    while (!ended && examined < KEYS_A_ROUND && this.clock() < end) {
      if (this.backlog.length === 0) {
        const [reply] = await refused(ask([['SCAN', this.cursor, 'COUNT', String(SCAN_COUNT)]]));
        const [next, keys] = reply as readonly [string, readonly string[]];
        this.cursor = next;
        this.backlog = [...keys];
      }
      const chunk = this.backlog.slice(0, CHUNK);
      const replies = await refused(
        ask(
          chunk.flatMap((key) => [
            ['MEMORY', 'USAGE', key],
            ['PTTL', key],
          ])
        )
      );
      chunk.forEach((key, index) => this.note(key, replies[2 * index], replies[2 * index + 1]));
      this.backlog = this.backlog.slice(chunk.length);
      examined += chunk.length;
      ended = this.backlog.length === 0 && this.cursor === '0';
    }
    if (ended) {
      this.complete = this.pass;
      this.pass = this.begin(0);
    }
    return this.view(ask, now, examined);
  }

  private begin(startedAt: number): Pass {
    const none = () => ({ keys: 0, bytes: 0, withoutTtl: 0, example: null });
    return {
      startedAt,
      seen: 0,
      largest: new Map(),
      kinds: new Map(),
      expiring: new Map(this.expiring.map((prefix) => [prefix, none()])),
    };
  }

  private note(key: string, usage: Reply | undefined, ttl: Reply | undefined): void {
    const { pass } = this;
    pass.seen += 1;
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
      if (key.startsWith(prefix)) {
        add(each);
        each.example ??= forever ? maskedKey(key) : null;
      }
    }
    pass.largest.set(key, usage);
    if (pass.largest.size > 4 * LARGEST_KEPT) {
      const kept = [...pass.largest].sort(([, a], [, b]) => b - a).slice(0, LARGEST_KEPT);
      pass.largest.clear();
      kept.forEach(([each, bytes]) => pass.largest.set(each, bytes));
    }
  }

  private async view(ask: Ask, now: number, examined: number): Promise<KeySpaceView> {
    const { complete, pass } = this;
    const shown = complete ?? pass;
    const candidates = [...new Map([...(complete?.largest ?? []), ...pass.largest])]
      .sort(([, a], [, b]) => b - a)
      .slice(0, LARGEST_KEPT)
      .map(([key]) => key);
    const [size, ...replies] = await refused(
      ask([
        ['DBSIZE'],
        ...candidates.flatMap((key) => [
          ['TYPE', key],
          ['MEMORY', 'USAGE', key],
        ]),
      ])
    );
    const present = candidates.flatMap((key, index) => {
      const [type, bytes] = [replies[2 * index], replies[2 * index + 1]];
      return typeof type === 'string' && typeof bytes === 'number' ? [{ key, type, bytes }] : [];
    });
    const countable = present.filter(({ type }) => LENGTH[type] !== undefined);
    const lengths = await ask(countable.map(({ key, type }) => [LENGTH[type] ?? '', key]));
    const elements = new Map(countable.map(({ key }, index) => [key, lengths[index]]));
    const keys = Number(size);
    return {
      keys,
      coverage: complete !== undefined || keys === 0 ? 1 : Math.min(1, pass.seen / keys),
      examined,
      passAgeSeconds: complete === undefined ? null : Math.max(0, Math.round((now - complete.startedAt) / 1000)),
      largest: present
        .map((each) => {
          const count = elements.get(each.key);
          return { ...each, elements: typeof count === 'number' ? count : null };
        })
        .sort((a, b) => b.bytes - a.bytes),
      kinds: shown.kinds,
      expiring: shown.expiring,
    };
  }
}

/** The replies, or the first refusal of the server. */
async function refused(replies: ReturnType<Ask>): Promise<readonly Reply[]> {
  return (await replies).map((reply) => {
    if (reply instanceof Error) {
      throw reply;
    }
    return reply;
  });
}
