/** When an alert arrives, what the databases said at that moment is taken and kept. */
import type { Round } from '../model/round';
import type { EvidenceShelf } from '../evidence/shelf';
import type { Losses } from '../store/losses';
import { type Notice, type Notices, occurrenceOf } from './notice';

export interface Received {
  readonly source: Notices['source'];
  /** Rounds taken for this webhook. */
  readonly rounds: number;
  readonly alerts: ReadonlyArray<{
    readonly fingerprint: string;
    readonly startsAt: number;
    /** `kept` now, `known` from before, or `over`: the alert is resolved. */
    readonly evidence: 'kept' | 'known' | 'over';
  }>;
  /** Alerts that were left out, and why. */
  readonly cut: Notices['cut'];
}

export interface CollectorOptions {
  readonly shelf: EvidenceShelf;
  /** A full round of every target, taken now or a moment ago. Never rejects for a target that does not answer. */
  readonly takeRounds: () => Promise<readonly Round[]>;
  readonly losses?: Losses;
  readonly now?: () => number;
}

export class EvidenceCollector {
  /** Occurrences whose evidence is being taken: a webhook that is sent again meanwhile waits for the same one. */
  private readonly underWay = new Map<string, Promise<void>>();
  private readonly now: () => number;

  constructor(private readonly options: CollectorOptions) {
    this.now = options.now ?? Date.now;
  }

  /** Resolves when the evidence is written. Errors: `StoreUnavailable` (the sender tries again). */
  async receive(notices: Notices): Promise<Received> {
    const { shelf } = this.options;
    const receivedAt = this.now();
    const firing = notices.alerts.filter((notice) => notice.status === 'firing');
    const fresh = new Map<string, Notice>();
    const joined: Array<Promise<void>> = [];
    for (const notice of firing) {
      const key = occurrenceOf(notice);
      const running = this.underWay.get(key);
      if (running !== undefined) {
        joined.push(running);
      } else if (!shelf.has(notice.fingerprint, notice.startsAt)) {
        fresh.set(key, notice);
      }
    }
    let rounds = 0;
    if (fresh.size > 0) {
      const taking = this.take([...fresh.values()], notices.source, receivedAt);
      const settled = taking.then(() => undefined);
      settled.catch(() => undefined);
      fresh.forEach((_, key) => this.underWay.set(key, settled));
      try {
        rounds = await taking;
      } finally {
        fresh.forEach((_, key) => this.underWay.delete(key));
      }
    }
    await Promise.all(joined);
    for (const { status, fingerprint, startsAt, endsAt } of notices.alerts) {
      if (status === 'resolved') {
        shelf.end(fingerprint, startsAt, endsAt ?? receivedAt);
      }
    }
    const left = notices.truncated + notices.cut.reduce((sum, { count }) => sum + count, 0);
    this.options.losses?.note('evidence', 'alerts-cut', left);
    return {
      source: notices.source,
      rounds,
      cut: notices.cut,
      alerts: notices.alerts.map((notice) => ({
        fingerprint: notice.fingerprint,
        startsAt: notice.startsAt,
        evidence: notice.status === 'resolved' ? 'over' : fresh.has(occurrenceOf(notice)) ? 'kept' : 'known',
      })),
    };
  }

  private async take(fresh: readonly Notice[], source: Notices['source'], receivedAt: number): Promise<number> {
    const rounds = await this.options.takeRounds();
    this.options.shelf.keep(
      fresh.map(({ fingerprint, name, startsAt, endsAt, labels }) => ({
        fingerprint,
        name,
        startsAt,
        endsAt,
        labels,
        source,
        receivedAt,
      })),
      rounds,
      this.now()
    );
    return rounds.length;
  }
}
