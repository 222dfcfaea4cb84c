/**
 * Counters of a server only ever grow. What matters is how much they grew lately: these windows keep a few past samples
 * and compare with the oldest one inside the window. With fewer than two samples there is no rate, and no zero.
 */
export interface Sample<T> {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly value: T;
}

/** A silence of two rounds that nobody asked for, and a bit: what lies before a longer one says nothing about "lately". */
const SILENCE_MS = 150_000;
/** Looks are this many at least, however seldom rounds are taken: fewer would make no trend … */
const FEWEST_LOOKS = 4;
/** … and none is older than this. */
const OLDEST_LOOK_MS = 300_000;

/** Samples of the last `windowMs`, about fifteen of them however often one is added. */
export class SampleWindow<T> {
  private samples: Array<Sample<T>> = [];

  constructor(private readonly windowMs: number) {}

  add(at: number, value: T): void {
    const last = this.samples.at(-1);
    const previous = this.samples.at(-2);
    if (last !== undefined && at - last.at > Math.max(2 * this.windowMs, SILENCE_MS)) {
      this.samples = [];
    }
    // Thin: replace the newest while it is close to the one before it.
    if (last !== undefined && previous !== undefined && last.at - previous.at < this.windowMs / 15) {
      this.samples.pop();
    }
    this.samples.push({ at, value });
    while (this.samples.length > 2 && (this.samples[1]?.at ?? at) <= at - this.windowMs) {
      this.samples.shift();
    }
  }

  /** The oldest sample no older than `windowMs` (default: the whole window), or the last one before that. */
  base(at: number, windowMs = this.windowMs): Sample<T> | undefined {
    const earlier = this.samples.filter((sample) => sample.at < at);
    return earlier.find((sample) => sample.at >= at - windowMs) ?? earlier.at(-1);
  }

  clear(): void {
    this.samples = [];
  }
}

export interface Increase {
  readonly increase: number;
  readonly seconds: number;
}

/** One cumulative counter. A total that falls means that the server's statistics were reset: it starts anew. */
export class CounterWindow {
  private readonly window: SampleWindow<number>;
  private last: number | undefined;

  constructor(private readonly windowSeconds: number) {
    this.window = new SampleWindow(windowSeconds * 1000);
  }

  /** Adds the total and answers how much it grew within the window; undefined when there is nothing to compare with. */
  observe(at: number, total: number): Increase | undefined {
    if (this.last !== undefined && total < this.last) {
      this.window.clear();
    }
    this.last = total;
    this.window.add(at, total);
    const base = this.window.base(at);
    return base === undefined ? undefined : { increase: total - base.value, seconds: (at - base.at) / 1000 };
  }

  /** Per second over the time seen; null without a rate. */
  perSecond(at: number, total: number): number | null {
    const seen = this.observe(at, total);
    return seen === undefined ? null : seen.increase / seen.seconds;
  }

  /** Events a minute. What was seen in less than the window is not extrapolated: one event is one, not thirty. */
  perMinute(at: number, total: number): number | null {
    const seen = this.observe(at, total);
    return seen === undefined ? null : (seen.increase * 60) / Math.max(seen.seconds, this.windowSeconds);
  }
}

/** From when on looks count: those within `windowMs`, or the last few where rounds are seldom. */
export class Horizon {
  private last: readonly number[] = [];

  constructor(private readonly windowMs: number) {}

  /** One look, at `at`. Times in ms. */
  look(at: number): number {
    this.last = [...this.last, at].slice(-FEWEST_LOOKS);
    return Math.min(at - this.windowMs, Math.max(this.last[0] ?? at, at - OLDEST_LOOK_MS));
  }
}

/** How often something happened lately. Neither one event nor one burst counts as recurring. */
export class Occurrences {
  private times: number[] = [];
  private readonly horizon: Horizon;

  constructor(windowMs: number) {
    this.horizon = new Horizon(windowMs);
  }

  /** One look: whether it has happened since the look before. `at` in ms. */
  look(at: number, happened: boolean): void {
    const from = this.horizon.look(at);
    this.times = this.times.filter((time) => time >= from);
    if (happened) {
      this.times.push(at);
    }
  }

  /** In three looks or more, and for so long. */
  recur(spanMs: number): boolean {
    const [first, last] = [this.times[0], this.times.at(-1)];
    return this.times.length >= 3 && first !== undefined && last !== undefined && last - first >= spanMs;
  }

  /** Nothing is seen that could recur. */
  get isEmpty(): boolean {
    return this.times.length === 0;
  }
}
