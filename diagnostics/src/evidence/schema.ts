/** The evidence's file. A migration that was released is never changed; a new one is added. */
import type { Database } from '../store/store';

export const migrations: readonly string[] = [
  `
  -- a round as an alert found it; later alerts of the same moment share it
  CREATE TABLE round (id INTEGER PRIMARY KEY AUTOINCREMENT, target TEXT NOT NULL, at INTEGER NOT NULL, body BLOB NOT NULL);
  CREATE UNIQUE INDEX round_by_time ON round (target, at);
  CREATE TABLE alert (
    id INTEGER PRIMARY KEY AUTOINCREMENT,   -- in the order of arrival: the lowest goes first
    fingerprint TEXT NOT NULL,
    starts_at INTEGER NOT NULL,
    name TEXT NOT NULL,
    labels TEXT NOT NULL,    -- JSON
    source TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    ended_at INTEGER,
    kept_until INTEGER NOT NULL,
    rounds TEXT NOT NULL,    -- JSON: ids of rounds
    first_round INTEGER      -- the lowest of them: rounds below that of every alert belong to no alert
  );
  CREATE UNIQUE INDEX alert_by_start ON alert (fingerprint, starts_at);
  CREATE INDEX alert_by_name ON alert (name, starts_at);
  CREATE INDEX alert_by_end ON alert (kept_until);
  CREATE INDEX alert_by_round ON alert (first_round);
  `,
];

export interface AlertRow {
  readonly id: number;
  readonly fingerprint: string;
  readonly starts_at: number;
  readonly name: string;
  readonly labels: string;
  readonly source: 'alertmanager' | 'grafana';
  readonly received_at: number;
  readonly ended_at: number | null;
  readonly kept_until: number;
  readonly rounds: string;
}

export interface RoundRow {
  readonly id: number;
  readonly target: string;
  readonly at: number;
  readonly body: Uint8Array;
}

export function prepare(database: Database) {
  const sql = (text: string) => database.prepare(text);
  return {
    addRound: sql('INSERT INTO round (target, at, body) VALUES (?, ?, ?)'),
    roundAt: sql('SELECT id FROM round WHERE target = ? AND at = ?'),
    roundById: sql('SELECT id, target, at, body FROM round WHERE id = ?'),
    dropUnusedRounds: sql(
      'DELETE FROM round WHERE id < coalesce((SELECT min(first_round) FROM alert), 9223372036854775807)'
    ),

    alert: sql('SELECT * FROM alert WHERE fingerprint = ? AND starts_at = ?'),
    alertsByFingerprint: sql('SELECT * FROM alert WHERE fingerprint = ? ORDER BY starts_at DESC LIMIT ?'),
    alertsByName: sql('SELECT * FROM alert WHERE name = ? ORDER BY starts_at DESC LIMIT ?'),
    newestOpen: sql(
      'SELECT starts_at FROM alert WHERE fingerprint = ? AND starts_at <= ? AND ended_at IS NULL ORDER BY starts_at DESC LIMIT 1'
    ),
    addAlert: sql(
      `INSERT INTO alert (fingerprint, starts_at, name, labels, source, received_at, ended_at, kept_until, rounds, first_round)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`
    ),
    endAlert: sql('UPDATE alert SET ended_at = ? WHERE fingerprint = ? AND starts_at = ?'),
    dropExpired: sql('DELETE FROM alert WHERE kept_until <= ?'),
    dropOldest: sql('DELETE FROM alert WHERE id IN (SELECT id FROM alert ORDER BY id LIMIT ?)'),
  };
}

export type Prepared = ReturnType<typeof prepare>;
