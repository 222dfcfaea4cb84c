/**
 * The incident log. An event is answered when it is on the disk: events that arrive in the same moment share one
 * transaction and one sync, so that fifty writers cost the event loop little more than one.
 *
 * Idempotent by the client's id: the same id with the same content answers the event that was written, whoever sends it
 * again; with other content it is refused.
 */
import { createHash, randomBytes } from 'node:crypto';
import { StoreUnavailable } from '../store/failure';
import { type Database, Store, type StoreLog, type StoreStatus } from '../store/store';
import type { Addition, Author, Creation, EventKind, IncidentEvent } from './event';
import { fold, type Incident, incidentOf } from './incident';

export interface IncidentLogOptions {
  readonly file: string;
  /** Bound of the file, bytes. Nothing is ever dropped from it: at the bound, writing is refused. */
  readonly maxBytes: number;
  readonly log: StoreLog;
  readonly now?: () => number;
}

export interface Written {
  readonly event: IncidentEvent;
  readonly incident: Incident;
  /** False when the same event had been written before. */
  readonly fresh: boolean;
}

export type Refusal = 'conflict' | 'unknown-incident' | 'too-many-events';

export class IncidentRefused extends Error {
  constructor(
    readonly refusal: Refusal,
    message: string
  ) {
    super(message);
  }
}

/** Nobody reads more, and an endless loop of a client must not fill the disk. */
export const MAX_EVENTS = 10_000;

const migrations: readonly string[] = [
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
];

function prepare(database: Database) {
  const sql = (text: string) => database.prepare(text);
  return {
    byClient: sql('SELECT * FROM event WHERE client_id = ?'),
    add: sql('INSERT INTO event (incident, client_id, digest, kind, at, who, body) VALUES (?, ?, ?, ?, ?, ?, ?)'),
    events: sql('SELECT * FROM event WHERE incident = ? AND seq > ? ORDER BY seq LIMIT ?'),
    incident: sql('SELECT state FROM incident WHERE id = ?'),
    put: sql(
      `INSERT INTO incident (id, created_seq, status, state) VALUES (?, ?, ?, ?)
       ON CONFLICT (id) DO UPDATE SET status = excluded.status, state = excluded.state`
    ),
    list: sql('SELECT created_seq, state FROM incident WHERE created_seq < ? ORDER BY created_seq DESC LIMIT ?'),
    listByStatus: sql(
      'SELECT created_seq, state FROM incident WHERE status = ? AND created_seq < ? ORDER BY created_seq DESC LIMIT ?'
    ),
  };
}
type Prepared = ReturnType<typeof prepare>;

interface EventRow {
  readonly seq: number;
  readonly incident: string;
  readonly client_id: string;
  readonly digest: string;
  readonly kind: EventKind;
  readonly at: number;
  readonly who: string;
  readonly body: string;
}

interface Waiting {
  readonly work: (prepared: Prepared) => Written;
  readonly resolve: (written: Written) => void;
  readonly reject: (error: unknown) => void;
}

export class IncidentLog {
  private readonly store: Store<Prepared>;
  private readonly now: () => number;
  private waiting: Waiting[] = [];

  constructor(options: IncidentLogOptions) {
    this.now = options.now ?? Date.now;
    this.store = new Store({
      file: options.file,
      migrations,
      prepare,
      durable: true,
      maxBytes: options.maxBytes,
      keepAside: 20,
      log: options.log,
      ...(options.now === undefined ? {} : { now: options.now }),
    });
  }

  /** Opens the file now, so that a damaged one is found and reported now. */
  start(): void {
    try {
      this.store.read(() => undefined);
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) {
        throw error;
      }
    }
  }

  /** Errors: `IncidentRefused`, `StoreUnavailable`. */
  create(sent: Creation, who: Author): Promise<Written> {
    const { clientId, ...body } = sent;
    return this.queue((prepared) => this.append(prepared, undefined, clientId, 'create', body, who));
  }

  /** Errors: `IncidentRefused`, `StoreUnavailable`. */
  add(incident: string, sent: Addition, who: Author): Promise<Written> {
    const { clientId, kind, ...body } = sent;
    return this.queue((prepared) => this.append(prepared, incident, clientId, kind, body, who));
  }

  /** Errors: `StoreUnavailable`. */
  get(id: string): Incident | undefined {
    return this.store.read((prepared) => incidentIn(prepared, id));
  }

  /** Events after `after`, in order. Errors: `StoreUnavailable`. */
  events(id: string, after = 0, limit = MAX_EVENTS): IncidentEvent[] {
    return this.store.read((prepared) => eventsIn(prepared, id, after, limit));
  }

  /** Newest first. `before` is the `next` of the page before. Errors: `StoreUnavailable`. */
  list(only: {
    readonly status?: Incident['status'] | undefined;
    readonly before?: number | undefined;
    readonly limit: number;
  }): {
    readonly incidents: readonly Incident[];
    readonly next: number | null;
  } {
    const { status, before = Number.MAX_SAFE_INTEGER, limit } = only;
    return this.store.read((prepared) => {
      const rows = (
        status === undefined ? prepared.list.all(before, limit) : prepared.listByStatus.all(status, before, limit)
      ) as Array<{ created_seq: number; state: string }>;
      return {
        incidents: rows.map((row) => JSON.parse(row.state) as Incident),
        next: rows.length < limit ? null : (rows.at(-1)?.created_seq ?? null),
      };
    });
  }

  status(): StoreStatus {
    return this.store.status();
  }

  /** Writes what is waiting first. */
  close(): void {
    this.flush();
    this.store.close();
  }

  private queue(work: Waiting['work']): Promise<Written> {
    return new Promise((resolve, reject) => {
      if (this.waiting.push({ work, resolve, reject }) === 1) {
        setImmediate(() => this.flush());
      }
    });
  }

  private flush(): void {
    const batch = this.waiting;
    this.waiting = [];
    if (batch.length === 0) {
      return;
    }
    const done: Array<() => void> = [];
    try {
      this.store.write((prepared) => {
        for (const { work, resolve, reject } of batch) {
          try {
            const written = work(prepared);
            done.push(() => resolve(written));
          } catch (error) {
            if (!(error instanceof IncidentRefused)) {
              throw error;
            }
            // A refusal writes nothing; the others of the batch are not concerned.
            done.push(() => reject(error));
          }
        }
      });
    } catch (error) {
      batch.forEach(({ reject }) => reject(error));
      return;
    }
    done.forEach((tell) => tell());
  }

  private append(
    prepared: Prepared,
    given: string | undefined,
    clientId: string,
    kind: EventKind,
    body: Readonly<Record<string, unknown>>,
    who: Author
  ): Written {
    const digest = digestOf(given, kind, body);
    const before = prepared.byClient.get(clientId) as EventRow | undefined;
    if (before !== undefined) {
      const incident = incidentIn(prepared, before.incident);
      if (before.digest !== digest || incident === undefined) {
        throw new IncidentRefused('conflict', `the client id ${clientId} was used for something else`);
      }
      return { event: eventOf(before), incident, fresh: false };
    }
    const at = this.now();
    const standing = given === undefined ? undefined : incidentIn(prepared, given);
    if (given !== undefined && standing === undefined) {
      throw new IncidentRefused('unknown-incident', 'there is no such incident');
    }
    if (standing !== undefined && standing.events >= MAX_EVENTS) {
      throw new IncidentRefused('too-many-events', `the incident has ${MAX_EVENTS} events`);
    }
    const id = given ?? newId(at);
    const written = prepared.add.run(id, clientId, digest, kind, at, JSON.stringify(who), JSON.stringify(body));
    const event: IncidentEvent = { seq: Number(written.lastInsertRowid), incident: id, clientId, kind, at, who, body };
    const incident = fold(standing, event);
    if (incident === undefined) {
      throw new Error(`the event ${event.seq} makes no incident`);
    }
    prepared.put.run(id, event.seq, incident.status, JSON.stringify(incident));
    return { event, incident, fresh: true };
  }
}

/** From its own row, or from its events. */
function incidentIn(prepared: Prepared, id: string): Incident | undefined {
  const row = prepared.incident.get(id) as { state: string } | undefined;
  return row === undefined ? incidentOf(eventsIn(prepared, id, 0, MAX_EVENTS)) : (JSON.parse(row.state) as Incident);
}

const eventsIn = (prepared: Prepared, id: string, after: number, limit: number): IncidentEvent[] =>
  (prepared.events.all(id, after, limit) as EventRow[]).map(eventOf);

const eventOf = (row: EventRow): IncidentEvent => ({
  seq: row.seq,
  incident: row.incident,
  clientId: row.client_id,
  kind: row.kind,
  at: row.at,
  who: JSON.parse(row.who) as Author,
  body: JSON.parse(row.body) as Record<string, unknown>,
});

/** `20260105-0312-k7qf2`: when it was opened (UTC), and five letters that are its own. */
function newId(at: number): string {
  const [day = '', time = ''] = new Date(at).toISOString().split('T');
  // 32 letters, so that a byte falls on each of them equally often; none that is mistaken for another.
  const letters = [...randomBytes(5)].map((byte) => 'abcdefghjkmnpqrstuvwxyz023456789'[byte % 32]).join('');
  return `${day.replaceAll('-', '')}-${time.slice(0, 5).replace(':', '')}-${letters}`;
}

/** Equal for equal content, in whatever order the keys were sent. */
function digestOf(incident: string | undefined, kind: string, body: unknown): string {
  return createHash('sha256')
    .update(JSON.stringify([incident ?? null, kind, ordered(body)]))
    .digest('base64');
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(ordered);
  }
  if (typeof value === 'object' && value !== null) {
    return Object.entries(value)
      .filter(([, each]) => each !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, each]) => [key, ordered(each)]);
  }
  return value;
}
