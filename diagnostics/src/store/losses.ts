/**
 * What was kept and is lost, since the start: one count behind health, metrics and log. A loss that goes on (rounds on a
 * full disk) is logged once a minute with its sum, not at every one.
 */
export const STORES = ['recorder', 'evidence', 'incidents', 'estate'] as const;
export type StoreName = (typeof STORES)[number];

/** What can be lost, and what a reader of the log and of health is told. */
const LOSSES = {
  'rounds-not-recorded': 'rounds could not be recorded',
  'rounds-dropped-early': 'rounds were dropped before their time, to stay within the bound of the file',
  'evidence-dropped-early': 'evidence of alerts was dropped before its time, oldest first, to stay within its share',
  'alerts-cut': 'alerts of a webhook were left out',
  'file-gone': 'the file was taken away while it was used',
  'file-set-aside': 'a damaged file was set aside',
  'entries-lost': 'what was written last is not in the file any more',
  'rows-damaged': 'entries cannot be read',
} as const;
export type LossKind = keyof typeof LOSSES;
export const LOSS_KINDS = Object.keys(LOSSES) as readonly LossKind[];

export interface Loss {
  readonly store: StoreName;
  readonly what: LossKind;
  readonly count: number;
  /** When the last of them was noticed, ms since the epoch. */
  readonly at: number;
}

interface LossLog {
  error(facts: object, message: string): void;
}

const SAY_EVERY_MS = 60_000;

export class Losses {
  private readonly found = new Map<string, { loss: Loss; unsaid: number; saidAt: number }>();

  constructor(
    private readonly log: LossLog,
    private readonly now: () => number = Date.now
  ) {}

  note(store: StoreName, what: LossKind, count = 1): void {
    if (count <= 0) {
      return;
    }
    const key = `${store} ${what}`;
    const before = this.found.get(key) ?? { loss: { store, what, count: 0, at: 0 }, unsaid: 0, saidAt: -Infinity };
    const entry = {
      loss: { store, what, count: before.loss.count + count, at: this.now() },
      unsaid: before.unsaid + count,
      saidAt: before.saidAt,
    };
    if (performance.now() - entry.saidAt >= SAY_EVERY_MS) {
      this.log.error({ store, what, count: entry.unsaid, sinceStart: entry.loss.count }, LOSSES[what]);
      entry.unsaid = 0;
      entry.saidAt = performance.now();
    }
    this.found.set(key, entry);
  }

  all(): readonly Loss[] {
    return [...this.found.values()].map(({ loss }) => loss);
  }

  /** 0 when there was none. */
  count(store: StoreName, what: LossKind): number {
    return this.found.get(`${store} ${what}`)?.loss.count ?? 0;
  }
}
