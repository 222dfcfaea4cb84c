/** The recorder's file. A migration that was released is never changed; a new one is added. */
import type { Database } from '../store/store';

export const migrations: readonly string[] = [
  `
  CREATE TABLE target (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
  -- a round that later ones are compressed against; checks: its check ids in order, JSON
  CREATE TABLE dictionary (id INTEGER PRIMARY KEY, target INTEGER NOT NULL, checks TEXT NOT NULL, body BLOB NOT NULL);
  CREATE INDEX dictionary_by_target ON dictionary (target);
  CREATE TABLE round (
    id INTEGER PRIMARY KEY,
    target INTEGER NOT NULL,
    at INTEGER NOT NULL,
    dictionary INTEGER NOT NULL,
    states TEXT NOT NULL,   -- a letter per check
    numbers TEXT NOT NULL,  -- JSON, a number or null per check
    changed INTEGER NOT NULL,
    pinned_until INTEGER,
    body BLOB NOT NULL
  );
  CREATE UNIQUE INDEX round_by_time ON round (target, at);
  CREATE INDEX round_by_dictionary ON round (dictionary);
  -- times of recording without a gap
  CREATE TABLE stretch (target INTEGER NOT NULL, began INTEGER NOT NULL, lasted INTEGER NOT NULL, PRIMARY KEY (target, began)) WITHOUT ROWID;
  CREATE TABLE alert (
    fingerprint TEXT NOT NULL,
    starts_at INTEGER NOT NULL,
    name TEXT NOT NULL,
    labels TEXT NOT NULL,
    source TEXT NOT NULL,
    received_at INTEGER NOT NULL,
    ended_at INTEGER,
    pinned_until INTEGER NOT NULL,
    rounds TEXT NOT NULL,   -- JSON: ids of rounds
    PRIMARY KEY (fingerprint, starts_at)
  );
  CREATE INDEX alert_by_name ON alert (name, starts_at);
  CREATE INDEX alert_by_end ON alert (pinned_until);
  `,
  `
  -- evidence has a file of its own
  DROP TABLE alert;
  ALTER TABLE round DROP COLUMN pinned_until;
  `,
];

export interface RoundRow {
  readonly id: number;
  readonly target: number;
  readonly at: number;
  readonly dictionary: number;
  readonly body: Uint8Array;
}

/** What is known in memory about the end of a target's rounds. */
export interface Tail {
  readonly target: number;
  /** States and check ids of the last round, compared to see what changed. */
  readonly key: string | undefined;
  readonly lastAt: number | undefined;
  readonly began: number | undefined;
  readonly dictionary: Dictionary | undefined;
}

export interface Dictionary {
  readonly id: number;
  readonly checks: string;
  readonly body: Uint8Array;
  /** When it was made; ms since the epoch. */
  readonly madeAt: number;
}

const ROUND = 'id, target, at, dictionary, body';

export function prepare(database: Database) {
  const sql = (text: string) => database.prepare(text);
  return {
    tails: new Map<string, Tail>(),
    /** Unpacked dictionaries by id. */
    dictionaries: new Map<number, { checks: readonly string[]; body: Uint8Array }>(),

    targetByName: sql('SELECT id FROM target WHERE name = ?'),
    targetNames: sql('SELECT id, name FROM target ORDER BY id'),
    addTarget: sql('INSERT INTO target (name) VALUES (?)'),

    dictionary: sql('SELECT checks, body FROM dictionary WHERE id = ?'),
    addDictionary: sql('INSERT INTO dictionary (target, checks, body) VALUES (?, ?, ?)'),
    dictionaryIds: sql('SELECT id FROM dictionary WHERE target = ?'),
    dictionaryUsed: sql('SELECT 1 FROM round WHERE dictionary = ? LIMIT 1'),
    dropDictionary: sql('DELETE FROM dictionary WHERE id = ?'),

    addRound: sql(
      'INSERT INTO round (target, at, dictionary, states, numbers, changed, body) VALUES (?, ?, ?, ?, ?, ?, ?)'
    ),
    roundAt: sql(`SELECT ${ROUND} FROM round WHERE target = ? AND at = ?`),
    roundBefore: sql(`SELECT ${ROUND} FROM round WHERE target = ? AND at <= ? ORDER BY at DESC LIMIT 1`),
    timeBefore: sql('SELECT at FROM round WHERE target = ? AND at <= ? ORDER BY at DESC LIMIT 1'),
    timeAfter: sql('SELECT at FROM round WHERE target = ? AND at > ? ORDER BY at LIMIT 1'),
    lastRound: sql(`SELECT ${ROUND} FROM round WHERE target = ? ORDER BY id DESC LIMIT 1`),
    points: sql(
      'SELECT at, dictionary, states, numbers FROM round WHERE target = ? AND at BETWEEN ? AND ? ORDER BY at DESC LIMIT ?'
    ),
    between: sql('SELECT id, at, changed FROM round WHERE target = ? AND at BETWEEN ? AND ? ORDER BY at LIMIT ?'),
    expired: sql('SELECT id, at, changed FROM round WHERE target = ? AND at <= ? ORDER BY at LIMIT ?'),
    dropRound: sql('DELETE FROM round WHERE id = ?'),
    oldestPlain: sql('SELECT id, target, at FROM round WHERE changed = 0 ORDER BY id LIMIT ?'),
    oldest: sql('SELECT id, target, at FROM round ORDER BY id LIMIT ?'),

    addStretch: sql('INSERT OR REPLACE INTO stretch (target, began, lasted) VALUES (?, ?, ?)'),
    lengthenStretch: sql('UPDATE stretch SET lasted = ? WHERE target = ? AND began = ?'),
    lastStretch: sql('SELECT began, lasted FROM stretch WHERE target = ? ORDER BY began DESC LIMIT 1'),
    stretchAt: sql('SELECT began, lasted FROM stretch WHERE target = ? AND began <= ? ORDER BY began DESC LIMIT 1'),
    stretches: sql('SELECT began, lasted FROM stretch WHERE target = ? AND lasted >= ? AND began <= ? ORDER BY began'),
    dropStretch: sql('DELETE FROM stretch WHERE target = ? AND began = ?'),
  };
}

export type Prepared = ReturnType<typeof prepare>;
