/**
 * Which rounds go. Thinning is by buckets of the clock (the first round of every minute, of every five minutes), not by
 * distance to the last one kept: the answer does not depend on when thinning last ran, and thinning twice changes nothing.
 */

export interface KeptRound {
  readonly id: number;
  /** ms since the epoch. */
  readonly at: number;
  /** A state differs from the round before, or nothing was recorded just before it. */
  readonly changed: boolean;
}

export interface Tier {
  /** From this age on, ms … */
  readonly afterMs: number;
  /** … one round is kept per this many ms. Each a multiple of the one before. */
  readonly everyMs: number;
}

export interface Retention {
  /** Older rounds go. */
  readonly keepMs: number;
  /** Youngest first. */
  readonly tiers: readonly Tier[];
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** All rounds for an hour, one a minute until six, one per five minutes until the end. */
export function retentionOf(keepHours: number): Retention {
  return {
    keepMs: keepHours * HOUR,
    tiers: [
      { afterMs: HOUR, everyMs: MINUTE },
      { afterMs: 6 * HOUR, everyMs: 5 * MINUTE },
    ],
  };
}

export function tierOf(ageMs: number, retention: Retention): Tier | undefined {
  return retention.tiers.findLast((tier) => ageMs >= tier.afterMs);
}

/**
 * The rounds of one target that go at `now`. `rounds` ascend by time and may be a part of all, when it begins at the
 * beginning of a bucket of the coarsest tier. Kept are: what changed a state, the first of each bucket, and of those that are
 * older than `keepMs` the newest: it is the one in force where the kept time begins. It is chosen among what thinning keeps,
 * so that it does not matter when thinning ran before.
 */
export function surplus(rounds: readonly KeptRound[], now: number, retention: Retention): KeptRound[] {
  const horizon = now - retention.keepMs;
  const taken = new Set<string>();
  const thinned = rounds.filter((round) => {
    const tier = tierOf(now - round.at, retention);
    if (tier === undefined) {
      return true;
    }
    const bucket = `${tier.everyMs}/${Math.floor(round.at / tier.everyMs)}`;
    const first = !taken.has(bucket);
    taken.add(bucket);
    return first || round.changed;
  });
  const inForce = thinned.findLast((round) => round.at <= horizon);
  const kept = new Set(thinned.filter((round) => round.at > horizon || round === inForce));
  return rounds.filter((round) => !kept.has(round));
}

/** Where the bucket of the coarsest tier begins that holds `at`. */
export function bucketStart(at: number, retention: Retention): number {
  const coarsest = Math.max(1, ...retention.tiers.map((tier) => tier.everyMs));
  return Math.floor(at / coarsest) * coarsest;
}
