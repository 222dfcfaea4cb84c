/**
 * The incident log. An event is answered when it is on the disk: events that arrive in the same moment share one
 * transaction and one sync, so that fifty writers cost the event loop little more than one.
 *
 * Idempotent by the client's id: the same id with the same content answers the event that was written, whoever sends it
 * again; with other content it is refused.
 */
import { createHash, randomBytes } from 'node:crypto';
import { DamagedRow } from '../store/damagedRow';
import { Store, type StoreGiven, type StoreLog, type StoreStatus } from '../store/store';
import type { Addition, Author, Creation, EventKind, IncidentEvent } from './event';
import { fold, type Incident } from './incident';
import { pageOf } from '../http/page';
import {
  type EventRow,
  eventOf,
  eventRows,
  incidentIn,
  incidentOfRow,
  type IncidentRow,
  migrations,
  prepare,
  type Prepared,
} from './rows';

export interface IncidentLogOptions extends StoreGiven {
  /** Bound of the file, bytes. Nothing is ever dropped from it: at the bound, writing is refused. */
  readonly maxBytes: number;
}

export interface Written {
  readonly event: IncidentEvent;
  readonly incident: Incident;
  /** False when the same event had been written before. */
  readonly fresh: boolean;
}

export type Refusal = 'conflict' | 'unknown-incident' | 'too-large';

export class IncidentRefused extends Error {
  constructor(
    readonly refusal: Refusal,
    message: string
  ) {
    super(message);
  }
}

/**
 * Nobody reads more, and an endless loop of a client must not fill the disk. An incident that is full can still be resolved,
 * and not be opened again, so that one event more is the most that comes.
 */
export const MAX_EVENTS = 10_000;
/** Of what was sent to one incident, as it is stored: days of notes and commands. */
export const MAX_BYTES = 8_000_000;
/** Events in one answer. */
export const MAX_PAGE = 500;

interface Waiting {
  readonly work: (prepared: Prepared) => Written;
  readonly resolve: (written: Written) => void;
  readonly reject: (error: unknown) => void;
}

export class IncidentLog {
  private readonly store: Store<Prepared>;
  private readonly now: () => number;
  private readonly log: StoreLog;
  private waiting: Waiting[] = [];

  constructor({ file, log, losses, now, maxBytes }: IncidentLogOptions) {
    this.log = log;
    this.now = now ?? Date.now;
    this.store = new Store({
      name: 'incidents',
      ...{ file, log, losses, now },
      migrations,
      prepare,
      durable: true,
      maxBytes,
      keepAside: 20,
    });
  }

  /** Opens the file now, so that a damaged one is found and reported now. */
  start(): void {
    this.store.begin();
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

  /** Made again from its events when its own row cannot be read. Errors: `StoreUnavailable`, `DamagedRow`. */
  get(id: string): Incident | undefined {
    return this.told(() => this.store.read((prepared) => incidentIn(prepared, id)));
  }

  /**
   * Events after `after`, in order, as many as fit into one answer. `next` is the `after` of the page that follows, null at
   * the end. Errors: `StoreUnavailable`, `DamagedRow`.
   */
  events(
    id: string,
    after = 0,
    limit = MAX_PAGE
  ): { readonly events: readonly IncidentEvent[]; readonly next: number | null } {
    return this.told(() =>
      this.store.read((prepared) => {
        const rows = pageOf(eventRows(prepared, id, after), limit, ({ who, body }) => who.length + body.length);
        const events = rows.entries.map(eventOf);
        return { events, next: rows.more ? (events.at(-1)?.seq ?? null) : null };
      })
    );
  }

  /**
   * Newest first, as many as fit into one answer. `before` is the `next` of the page before. One that can neither be read
   * nor made again is left out, and noted as a loss. Errors: `StoreUnavailable`.
   */
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
        status === undefined
          ? prepared.list.all(before, limit + 1)
          : prepared.listByStatus.all(status, before, limit + 1)
      ) as Array<IncidentRow & { readonly created_seq: number }>;
      const { entries, more } = pageOf(rows, limit, (row) => row.state.length);
      const incidents: Incident[] = [];
      for (const row of entries) {
        try {
          incidents.push(incidentOfRow(prepared, row));
        } catch (error) {
          this.noteDamage(error);
        }
      }
      return { incidents, next: more ? (entries.at(-1)?.created_seq ?? null) : null };
    });
  }

  private told<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (error instanceof DamagedRow) {
        this.noteDamage(error);
      }
      throw error;
    }
  }

  /** Errors: what is no `DamagedRow`. */
  private noteDamage(error: unknown): void {
    if (!(error instanceof DamagedRow)) {
      throw error;
    }
    this.log.error({ said: error.message, cause: String(error.cause) }, 'an entry of the incidents cannot be read');
    this.store.losses.note('incidents', 'rows-damaged');
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
            if (error instanceof DamagedRow) {
              this.noteDamage(error);
            } else if (!(error instanceof IncidentRefused)) {
              throw error;
            }
            // Neither has written anything; the others of the batch are not concerned.
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
    const text = JSON.stringify(body);
    const bytes = Buffer.byteLength(text);
    if (standing !== undefined && !(kind === 'resolve' && standing.status !== 'resolved')) {
      refuseBeyond(prepared, standing, bytes);
    }
    const id = given ?? newId(at);
    const written = prepared.add.run(id, clientId, digest, kind, at, JSON.stringify(who), text);
    const event: IncidentEvent = { seq: Number(written.lastInsertRowid), incident: id, clientId, kind, at, who, body };
    const incident = fold(standing, event);
    if (incident === undefined) {
      throw new Error(`the event ${event.seq} makes no incident`);
    }
    prepared.put.run(id, event.seq, incident.status, JSON.stringify(incident), bytes);
    return { event, incident, fresh: true };
  }
}

/** Errors: `IncidentRefused`. */
function refuseBeyond(prepared: Prepared, { id, events }: Incident, more: number): void {
  if (events >= MAX_EVENTS) {
    throw new IncidentRefused(
      'too-large',
      `the incident has ${MAX_EVENTS} events: it can be resolved, and takes no other`
    );
  }
  const { bytes = 0 } = (prepared.incident.get(id) ?? {}) as { readonly bytes?: number };
  if (bytes + more > MAX_BYTES) {
    throw new IncidentRefused(
      'too-large',
      `the incident holds ${MAX_BYTES} bytes of events: it can be resolved, and takes no other`
    );
  }
}

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
