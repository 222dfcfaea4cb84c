/**
 * What was seen when an alert arrived, in the recorder's file: the alert, and the ids of the rounds that are pinned for
 * it. Errors of all: `StoreUnavailable`.
 */
import type { Round } from '../model/round';
import { StoreUnavailable } from '../store/failure';
import { type Recorder, roundOf } from './recorder';
import type { RoundRow } from './schema';

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

interface AlertRow {
  readonly fingerprint: string;
  readonly starts_at: number;
  readonly name: string;
  readonly labels: string;
  readonly source: 'alertmanager' | 'grafana';
  readonly received_at: number;
  readonly ended_at: number | null;
  readonly pinned_until: number;
  readonly rounds: string;
}

export const EVIDENCE_MS = 30 * 24 * 3_600_000;
const LISTED = 50;

export class EvidenceShelf {
  constructor(private readonly recorder: Recorder) {}

  has(fingerprint: string, startsAt: number): boolean {
    return this.recorder.store.read((prepared) => prepared.alert.get(fingerprint, startsAt) !== undefined);
  }

  /**
   * Keeps the occurrences with `rounds` and with the rounds in force when each began. All of it or nothing. An occurrence
   * that is known stays as it is.
   */
  keep(occurrences: ReadonlyArray<Omit<Occurrence, 'pinnedUntil'>>, rounds: readonly Round[], now: number): void {
    for (const round of rounds) {
      if (!this.recorder.record(round)) {
        const { problem, file } = this.recorder.status();
        const unknown = {
          problem: 'other' as const,
          message: `${file} did not take a round`,
          mend: 'The log says why.',
        };
        throw new StoreUnavailable(problem ?? unknown);
      }
    }
    const until = now + EVIDENCE_MS;
    this.recorder.store.write((prepared) => {
      const idOf = (target: string, ms: number): number | undefined => this.recorder.idAt(prepared, target, ms);
      const taken = rounds.map((round) => idOf(round.target, round.startedAt)).filter((id) => id !== undefined);
      for (const { fingerprint, startsAt, name, labels, source, receivedAt, endsAt } of occurrences) {
        if (prepared.alert.get(fingerprint, startsAt) !== undefined) {
          continue;
        }
        const then = rounds.map((round) => idOf(round.target, startsAt)).filter((id) => id !== undefined);
        const ids = [...new Set([...then, ...taken])];
        ids.forEach((id) => prepared.pin.run(until, id));
        prepared.addAlert.run(
          fingerprint,
          startsAt,
          name,
          JSON.stringify(labels),
          source,
          receivedAt,
          endsAt,
          until,
          JSON.stringify(ids)
        );
      }
    });
  }

  /** Notes that an alert is over. Unknown ones are none of ours. */
  end(fingerprint: string, startsAt: number, endsAt: number): void {
    this.recorder.store.write((prepared) => prepared.endAlert.run(endsAt, fingerprint, startsAt));
  }

  /** Occurrences of one alert, newest first; at most 50. */
  list(by: { readonly fingerprint: string } | { readonly name: string }): Occurrence[] {
    return this.recorder.store.read((prepared) => {
      const rows =
        'fingerprint' in by
          ? prepared.alertsByFingerprint.all(by.fingerprint, LISTED)
          : prepared.alertsByName.all(by.name, LISTED);
      return (rows as AlertRow[]).map(occurrenceOf);
    });
  }

  /** One occurrence with its rounds. */
  find(fingerprint: string, startsAt: number): Evidence | undefined {
    return this.recorder.store.read((prepared) => {
      const row = prepared.alert.get(fingerprint, startsAt) as AlertRow | undefined;
      if (row === undefined) {
        return undefined;
      }
      const rounds = (JSON.parse(row.rounds) as number[])
        .map((id) => prepared.roundById.get(id) as RoundRow | undefined)
        .filter((found) => found !== undefined)
        .map((found) => roundOf(prepared, found))
        .sort((a, b) => a.startedAt - b.startedAt);
      return { ...occurrenceOf(row), rounds };
    });
  }
}

const occurrenceOf = (row: AlertRow): Occurrence => ({
  fingerprint: row.fingerprint,
  name: row.name,
  startsAt: row.starts_at,
  endsAt: row.ended_at,
  labels: JSON.parse(row.labels) as Record<string, string>,
  source: row.source,
  receivedAt: row.received_at,
  pinnedUntil: row.pinned_until,
});
