/** How much of the one thread of Redis the slow commands of others took lately. */
import { round3 } from '../model/clock';
import { CounterWindow } from '../model/window';
import type { RedisCheckContext } from './context';
import { type SlowlogEntry, isOwn } from './slowlog';

/** Told by the ids of entries and by our own clock: that of the server may differ. */
export class SlowWork {
  private readonly spent: CounterWindow;
  private micros = 0;
  private newestId: number | undefined;
  private seen: ReadonlyArray<{ readonly at: number; readonly micros: number }> = [];

  constructor(private readonly windowSeconds: number) {
    // Half of it: what Redis does now shows before the slow requests have gone.
    this.spent = new CounterWindow(windowSeconds / 2);
  }

  /** `entries`: the newest first, of those that were ever slow. */
  add(entries: readonly SlowlogEntry[], self: RedisCheckContext['self'], now: number) {
    const last = entries[0]?.id;
    if (last !== undefined) {
      // What is in the log at the first round ran at some time before; after a restart all of it is new.
      const since = this.newestId === undefined ? last : last < this.newestId ? -1 : this.newestId;
      const fresh = entries.filter(({ id }) => id > since);
      const others = fresh.filter((each) => !isOwn(each, self)).map(({ micros }) => micros);
      const sum = others.reduce((total, micros) => total + micros, 0);
      // Only the newest are asked for; those in between took about as long.
      this.micros += fresh.length === 0 ? 0 : (sum / fresh.length) * (last - since);
      this.seen = [...this.seen, ...others.map((micros) => ({ at: now, micros }))];
      this.newestId = last;
    }
    this.seen = this.seen.filter(({ at }) => now - at <= this.windowSeconds * 1000);
    const grown = this.spent.observe(now, this.micros);
    return {
      // The first seconds are too short to make a share of.
      busyRatio:
        grown === undefined
          ? null
          : round3(Math.min(1, grown.increase / 1e6 / Math.max(grown.seconds, this.windowSeconds / 4))),
      longestMs: Math.max(0, ...this.seen.map(({ micros }) => micros)) / 1000,
    };
  }
}
