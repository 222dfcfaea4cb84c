/** An incident as it stands: nothing but its events, folded in order. */
import type { Author, Creation, IncidentEvent } from './event';

export interface Incident {
  readonly id: string;
  readonly title: string;
  readonly severity: Creation['severity'];
  readonly runbook: string | null;
  readonly service: string | null;
  readonly alert: Creation['alert'] | null;
  readonly status: 'open' | 'acknowledged' | 'resolved';
  /** The last one that somebody set; null before. */
  readonly phase: string | null;
  readonly createdAt: number;
  readonly createdBy: Author;
  /** The first acknowledgement. */
  readonly acknowledgedAt: number | null;
  readonly acknowledgedBy: Author | null;
  /** The first resolution since it was opened last. */
  readonly resolvedAt: number | null;
  readonly resolvedBy: Author | null;
  readonly events: number;
  /** Sequence number of the last event: what has changed since is `after` this. */
  readonly lastSeq: number;
  readonly lastAt: number;
}

/** `undefined` until the incident is created. Events of another incident, and those already seen, change nothing. */
export function fold(incident: Incident | undefined, event: IncidentEvent): Incident | undefined {
  if (incident === undefined) {
    return event.kind === 'create' ? created(event) : undefined;
  }
  if (event.incident !== incident.id || event.seq <= incident.lastSeq) {
    return incident;
  }
  const next = { ...incident, events: incident.events + 1, lastSeq: event.seq, lastAt: event.at };
  switch (event.kind) {
    case 'acknowledge':
      return {
        ...next,
        status: incident.status === 'open' ? 'acknowledged' : incident.status,
        acknowledgedAt: incident.acknowledgedAt ?? event.at,
        acknowledgedBy: incident.acknowledgedBy ?? event.who,
      };
    case 'phase':
      return { ...next, phase: String(event.body.phase) };
    case 'resolve':
      return incident.status === 'resolved'
        ? next
        : { ...next, status: 'resolved', resolvedAt: event.at, resolvedBy: event.who };
    case 'reopen':
      return {
        ...next,
        status: incident.acknowledgedAt === null ? 'open' : 'acknowledged',
        resolvedAt: null,
        resolvedBy: null,
      };
    default:
      return next;
  }
}

export function incidentOf(events: readonly IncidentEvent[]): Incident | undefined {
  return [...events].sort((a, b) => a.seq - b.seq).reduce<Incident | undefined>(fold, undefined);
}

function created(event: IncidentEvent): Incident {
  const body = event.body as Partial<Creation>;
  return {
    id: event.incident,
    title: body.title ?? '',
    severity: body.severity ?? 'warning',
    runbook: body.runbook ?? null,
    service: body.service ?? null,
    alert: body.alert ?? null,
    status: 'open',
    phase: null,
    createdAt: event.at,
    createdBy: event.who,
    acknowledgedAt: null,
    acknowledgedBy: null,
    resolvedAt: null,
    resolvedBy: null,
    events: 1,
    lastSeq: event.seq,
    lastAt: event.at,
  };
}
