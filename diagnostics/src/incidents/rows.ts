/** The incidents' file: its schema, and rows as events and incidents. A migration that was released is never changed. */
import { DamagedRow, intact } from '../store/damagedRow';
import type { Database } from '../store/store';
import type { Author, EventKind, IncidentEvent } from './event';
import { fold, type Incident } from './incident';

/** Rows that are read from the file at a time. */
const CHUNK = 50;

export const migrations: readonly string[] = [
  `
  CREATE TABLE event (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    incident TEXT NOT NULL,
    client_id TEXT NOT NULL UNIQUE,
    digest TEXT NOT NULL,   -- of what was sent, to tell a repetition from a mistake
    kind TEXT NOT NULL,
    at INTEGER NOT NULL,
    who TEXT NOT NULL,      -- JSON
    body TEXT NOT NULL      -- JSON
  );
  CREATE INDEX event_by_incident ON event (incident, seq);
  -- the incident as it stands: folded from its events in the same transaction, and made again from them when it is lost
  CREATE TABLE incident (id TEXT PRIMARY KEY, created_seq INTEGER NOT NULL UNIQUE, status TEXT NOT NULL, state TEXT NOT NULL);
  CREATE INDEX incident_by_status ON incident (status, created_seq);
  CREATE TRIGGER event_is_not_changed BEFORE UPDATE ON event BEGIN SELECT raise(ABORT, 'events are never changed'); END;
  CREATE TRIGGER event_is_not_dropped BEFORE DELETE ON event BEGIN SELECT raise(ABORT, 'events are never dropped'); END;
  `,
  `
  -- bytes of its events' bodies
  ALTER TABLE incident ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;
  UPDATE incident SET bytes = (SELECT coalesce(sum(length(CAST(body AS BLOB))), 0) FROM event WHERE event.incident = incident.id);
  `,
];

export function prepare(database: Database) {
  const sql = (text: string) => database.prepare(text);
  return {
    byClient: sql('SELECT * FROM event WHERE client_id = ?'),
    add: sql('INSERT INTO event (incident, client_id, digest, kind, at, who, body) VALUES (?, ?, ?, ?, ?, ?, ?)'),
    events: sql('SELECT * FROM event WHERE incident = ? AND seq > ? ORDER BY seq LIMIT ?'),
    incident: sql('SELECT state, bytes FROM incident WHERE id = ?'),
    put: sql(
      `INSERT INTO incident (id, created_seq, status, state, bytes) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET status = excluded.status, state = excluded.state, bytes = bytes + excluded.bytes`
    ),
    list: sql('SELECT id, created_seq, state FROM incident WHERE created_seq < ? ORDER BY created_seq DESC LIMIT ?'),
    listByStatus: sql(
      'SELECT id, created_seq, state FROM incident WHERE status = ? AND created_seq < ? ORDER BY created_seq DESC LIMIT ?'
    ),
  };
}
export type Prepared = ReturnType<typeof prepare>;

export interface EventRow {
  readonly seq: number;
  readonly incident: string;
  readonly client_id: string;
  readonly digest: string;
  readonly kind: EventKind;
  readonly at: number;
  readonly who: string;
  readonly body: string;
}

export interface IncidentRow {
  readonly id: string;
  readonly state: string;
}

/** Errors: `DamagedRow`. */
export const eventOf = (row: EventRow): IncidentEvent =>
  intact(`the event ${row.seq}`, () => ({
    seq: row.seq,
    incident: row.incident,
    clientId: row.client_id,
    kind: row.kind,
    at: row.at,
    who: JSON.parse(row.who) as Author,
    body: JSON.parse(row.body) as Record<string, unknown>,
  }));

/** The incident of a row; made again from its events when the row cannot be read. Errors: `DamagedRow`. */
export function incidentOfRow(prepared: Prepared, { id, state }: IncidentRow): Incident {
  try {
    const incident = JSON.parse(state) as Incident;
    if (incident.id === id) {
      return incident;
    }
  } catch {
    // Its events say the same.
  }
  const folded = foldedOf(prepared, id);
  if (folded === undefined) {
    throw new DamagedRow(`the incident ${id}`);
  }
  return folded;
}

/** From its own row, or from its events; undefined when there are none. Errors: `DamagedRow`. */
export function incidentIn(prepared: Prepared, id: string): Incident | undefined {
  const row = prepared.incident.get(id) as { readonly state: string } | undefined;
  return row === undefined ? foldedOf(prepared, id) : incidentOfRow(prepared, { id, state: row.state });
}

/** Made from its events, a few at a time: they may be many. */
function foldedOf(prepared: Prepared, id: string): Incident | undefined {
  let incident: Incident | undefined;
  for (const row of eventRows(prepared, id, 0)) {
    incident = fold(incident, eventOf(row));
  }
  return incident;
}

/** Events after `after`, in order, read a few at a time. */
export function* eventRows(prepared: Prepared, id: string, after: number): Generator<EventRow> {
  for (let last = after; ;) {
    const rows = prepared.events.all(id, last, CHUNK) as EventRow[];
    yield* rows;
    if (rows.length < CHUNK) {
      return;
    }
    last = rows.at(-1)?.seq ?? last;
  }
}
