/**
 * The team's estate: one document, written as a whole. A write names the version that it changes and is refused when that is not
 * the present one any more; what was answered is on the disk.
 */
import { createHash } from 'node:crypto';
import type { EstateSettings } from '@live-runbooks/engine';
import type { Author } from '../incidents/event';
import { intact } from '../store/damagedRow';
import { type Database, Store, type StoreGiven, type StoreStatus } from '../store/store';

/** Of the document, as JSON: more than two thousand components with everything that can be said of them. */
export const MAX_ESTATE_BYTES = 1024 * 1024;
/** Versions that are kept for a person who wants an earlier one back. */
const KEPT = 20;
/** The versions, and as much again for pages that are not full. */
const MAX_BYTES = 2 * (KEPT + 1) * MAX_ESTATE_BYTES;
/** The version while nothing was written. */
const NEVER_WRITTEN = '0';

export interface KeptEstate {
  /** Names the present document; another one has another version. */
  readonly version: string;
  /** Null while nothing was written: that is not the same as an empty estate. */
  readonly estate: EstateSettings | null;
  readonly writtenAt: number | null;
  readonly writtenBy: Author | null;
}

/** Somebody wrote in between. */
export class EstateChanged extends Error {
  constructor(readonly now: KeptEstate) {
    super('the estate is not what it was');
  }
}

const migrations: readonly string[] = [
  `
  CREATE TABLE estate (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    at INTEGER NOT NULL,
    who TEXT NOT NULL,      -- JSON
    body TEXT NOT NULL      -- JSON
  );
  `,
];

interface Row {
  readonly seq: number;
  readonly at: number;
  readonly who: string;
  readonly body: string;
}

function prepare(database: Database) {
  return {
    last: database.prepare('SELECT * FROM estate ORDER BY seq DESC LIMIT 1'),
    add: database.prepare('INSERT INTO estate (at, who, body) VALUES (?, ?, ?)'),
    forget: database.prepare('DELETE FROM estate WHERE seq <= ?'),
  };
}
type Prepared = ReturnType<typeof prepare>;

export class EstateBook {
  private readonly store: Store<Prepared>;
  private readonly now: () => number;

  constructor({ file, log, losses, now }: StoreGiven) {
    this.now = now ?? Date.now;
    this.store = new Store({
      name: 'estate',
      ...{ file, log, losses, now, migrations, prepare },
      durable: true,
      maxBytes: MAX_BYTES,
      keepAside: 20,
    });
  }

  /** Opens the file now, so that a damaged one is found and reported now. */
  start(): void {
    this.store.begin();
  }

  /** Errors: `StoreUnavailable`, `DamagedRow`. */
  read(): KeptEstate {
    return this.store.read(presentOf);
  }

  /**
   * Writes the whole document over `version`. The present document again is no new version, so that a write whose answer was lost can
   * be sent again. Errors: `EstateChanged`, `StoreUnavailable`, `DamagedRow`.
   */
  write(estate: EstateSettings, version: string, who: Author): KeptEstate {
    const body = JSON.stringify(estate);
    return this.store.write((prepared) => {
      const present = presentOf(prepared);
      if (present.estate !== null && JSON.stringify(present.estate) === body) {
        return present;
      }
      if (present.version !== version) {
        throw new EstateChanged(present);
      }
      const { lastInsertRowid } = prepared.add.run(this.now(), JSON.stringify(who), body);
      prepared.forget.run(Number(lastInsertRowid) - KEPT);
      return presentOf(prepared);
    });
  }

  status(): StoreStatus {
    return this.store.status();
  }

  close(): void {
    this.store.close();
  }
}

/** Errors: `DamagedRow`: an estate that cannot be read is not an empty one. */
function presentOf(prepared: Prepared): KeptEstate {
  const row = prepared.last.get() as Row | undefined;
  return row === undefined
    ? { version: NEVER_WRITTEN, estate: null, writtenAt: null, writtenBy: null }
    : intact(`version ${row.seq} of the estate`, () => ({
        version: versionOf(row),
        estate: JSON.parse(row.body) as EstateSettings,
        writtenAt: row.at,
        writtenBy: JSON.parse(row.who) as Author,
      }));
}

/** With what it says: a file that was begun anew counts from one again, and must not take an old writer for a new one. */
function versionOf({ seq, at, body }: Row): string {
  return `${seq}-${createHash('sha256').update(`${at} ${body}`).digest('hex').slice(0, 12)}`;
}
