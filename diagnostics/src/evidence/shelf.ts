/**
 * What was seen when an alert arrived: the alert and its rounds, kept for 30 days in a file of their own. Errors of all:
 * `StoreUnavailable`; of reading also `DamagedRow`.
 */
import { pageOf } from '../http/page';
import type { Round } from '../model/round';
import { pack, unpack } from '../recorder/codec';
import { intact } from '../store/damagedRow';
import { StoreUnavailable } from '../store/failure';
import { Store, type StoreGiven, type StoreStatus } from '../store/store';
import { type AlertRow, migrations, prepare, type Prepared, type RoundRow } from './schema';

export interface Occurrence {
  readonly fingerprint: string;
  readonly name: string;
  /** ms since the epoch, like all times here. */
  readonly startsAt: number;
  readonly endsAt: number | null;
  readonly labels: Readonly<Record<string, string>>;
  readonly source: 'alertmanager' | 'grafana';
  readonly receivedAt: number;
  readonly pinnedUntil: number;
}

export interface Evidence extends Occurrence {
  /** The rounds in force when the alert began, where there are any, and those taken when it arrived; by time. */
  readonly rounds: readonly Round[];
}

export interface ShelfOptions extends StoreGiven {
  /** The share of the evidence, bytes. At the bound the oldest goes first. */
  readonly maxBytes: number;
  /** The round of a target that was in force at a time, when one was recorded. */
  readonly roundAt: (target: string, ms: number) => Round | undefined;
}

export const EVIDENCE_MS = 30 * 24 * 3_600_000;
const LISTED = 50;
/** How many of the oldest go at a time. */
const EVICT = 50;
const VACUUM_PAGES = 256;
const MAINTAIN_MS = 60_000;

export class EvidenceShelf {
  readonly store: Store<Prepared>;
  private readonly now: () => number;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly options: ShelfOptions) {
    const { file, log, losses, now } = options;
    this.now = now ?? Date.now;
    this.store = new Store({
      name: 'evidence',
      ...{ file, log, losses, now },
      migrations,
      prepare,
      durable: true,
      // Dropping begins at `maxBytes`; the file's own bound leaves it room to work, and a webhook is never larger.
      maxBytes: options.maxBytes * 1.5 + 8_388_608,
      keepAside: 2,
    });
  }

  /** Opens the file now, so that a damaged one is found now, and begins to drop what is too old. */
  start(): void {
    this.tidy();
    this.timer = setInterval(() => this.tidy(), MAINTAIN_MS).unref();
  }

  has(fingerprint: string, startsAt: number): boolean {
    return this.store.read((prepared) => prepared.alert.get(fingerprint, startsAt) !== undefined);
  }

  /**
   * Keeps the occurrences with `rounds` and with the rounds in force when each began. All of it or nothing. An occurrence
   * that is known stays as it is.
   */
  keep(occurrences: ReadonlyArray<Omit<Occurrence, 'pinnedUntil'>>, rounds: readonly Round[], now: number): void {
    const until = now + EVIDENCE_MS;
    this.makeRoom();
    this.store.write((prepared) => {
      const taken = rounds.map((round) => keepRound(prepared, round));
      for (const { fingerprint, startsAt, name, labels, source, receivedAt, endsAt } of occurrences) {
        if (prepared.alert.get(fingerprint, startsAt) !== undefined) {
          continue;
        }
        const then = rounds
          .map(({ target }) => this.options.roundAt(target, startsAt))
          .filter((round) => round !== undefined)
          .map((round) => keepRound(prepared, round));
        const ids = [...new Set([...then, ...taken])];
        prepared.addAlert.run(
          ...[fingerprint, startsAt, name, JSON.stringify(labels), source, receivedAt, endsAt, until],
          ...[JSON.stringify(ids), ids.length === 0 ? null : Math.min(...ids)]
        );
      }
    });
    this.makeRoom();
  }

  /**
   * Notes that an alert is over. Grafana 12 tells the start of what is resolved as the time of its end: then it is the
   * newest occurrence that is still open. Unknown ones are none of ours.
   */
  end(fingerprint: string, startsAt: number, endsAt: number): void {
    this.store.write((prepared) => {
      const known = prepared.alert.get(fingerprint, startsAt) as AlertRow | undefined;
      const open = prepared.newestOpen.get(fingerprint, Math.max(startsAt, endsAt)) as
        { readonly starts_at: number } | undefined;
      const which = known?.starts_at ?? open?.starts_at;
      if (which !== undefined && (known === undefined || known.ended_at === null)) {
        prepared.endAlert.run(Math.max(endsAt, which), fingerprint, which);
      }
    });
  }

  /** Occurrences of one alert, newest first; at most 50, and as many as fit into an answer. */
  list(by: { readonly fingerprint: string } | { readonly name: string }): Occurrence[] {
    return this.store.read((prepared) => {
      const rows = (
        'fingerprint' in by
          ? prepared.alertsByFingerprint.all(by.fingerprint, LISTED)
          : prepared.alertsByName.all(by.name, LISTED)
      ) as AlertRow[];
      return pageOf(rows, LISTED, ({ labels }) => labels.length).entries.map(occurrenceOf);
    });
  }

  /** One occurrence with its rounds; a round that cannot be read is left out, and noted as a loss. */
  find(fingerprint: string, startsAt: number): Evidence | undefined {
    return this.store.read((prepared) => {
      const row = prepared.alert.get(fingerprint, startsAt) as AlertRow | undefined;
      if (row === undefined) {
        return undefined;
      }
      const ids = intact('the rounds of an alert', () => JSON.parse(row.rounds) as number[]);
      const rounds = ids
        .map((id) => this.roundIn(prepared, id))
        .filter((round) => round !== undefined)
        .sort((a, b) => a.startedAt - b.startedAt);
      return { ...occurrenceOf(row), rounds };
    });
  }

  status(): StoreStatus {
    return this.store.status();
  }

  close(): void {
    clearInterval(this.timer);
    this.timer = undefined;
    this.store.close();
  }

  private roundIn(prepared: Prepared, id: number): Round | undefined {
    const row = prepared.roundById.get(id) as RoundRow | undefined;
    try {
      return row === undefined ? undefined : (JSON.parse(Buffer.from(unpack(row.body)).toString('utf8')) as Round);
    } catch (error) {
      this.options.log.error({ round: id, said: String(error) }, 'a round of the evidence cannot be read');
      this.store.losses.note('evidence', 'rows-damaged');
      return undefined;
    }
  }

  /** Drops what is too old. Never throws: the store has said what is wrong. */
  private tidy(): void {
    try {
      this.store.write((prepared) => {
        if (prepared.dropExpired.run(this.now()).changes > 0) {
          prepared.dropUnusedRounds.run();
        }
      });
      this.makeRoom();
      this.store.read((_, database) => database.exec(`PRAGMA incremental_vacuum(${VACUUM_PAGES})`));
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) {
        throw error;
      }
    }
  }

  private makeRoom(): void {
    while ((this.store.bytes() ?? 0) > this.options.maxBytes) {
      const dropped = this.store.write((prepared) => {
        const { changes } = prepared.dropOldest.run(EVICT);
        prepared.dropUnusedRounds.run();
        return Number(changes);
      });
      if (dropped === 0) {
        return;
      }
      this.store.losses.note('evidence', 'evidence-dropped-early', dropped);
    }
  }
}

function keepRound(prepared: Prepared, round: Round): number {
  const at = Math.round(round.startedAt);
  const known = prepared.roundAt.get(round.target, at) as { readonly id: number } | undefined;
  return known?.id ?? Number(prepared.addRound.run(round.target, at, pack(JSON.stringify(round))).lastInsertRowid);
}

const occurrenceOf = (row: AlertRow): Occurrence => ({
  fingerprint: row.fingerprint,
  name: row.name,
  startsAt: row.starts_at,
  endsAt: row.ended_at,
  labels: intact('the labels of an alert', () => JSON.parse(row.labels) as Record<string, string>),
  source: row.source,
  receivedAt: row.received_at,
  pinnedUntil: row.kept_until,
});
