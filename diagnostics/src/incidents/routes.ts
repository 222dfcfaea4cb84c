/** Incidents over HTTP. Reading is GET and writing is POST, so that Grafana's proxy can ask for different permissions. */
import { z } from 'zod';
import { ApiError } from '../http/errors';
import {
  asUnavailable,
  bodyAs,
  digits,
  type Extension,
  inPath,
  json,
  orUnavailable,
  parametersOf,
  queryAs,
  readJson,
  refusals,
  sent,
} from '../http/extension';
import { writerOf } from './author';
import { addition, author, creation, KINDS, PHASES, SEVERITIES } from './event';
import { IncidentRefused, type IncidentLog, MAX_BYTES, MAX_EVENTS, MAX_PAGE, type Written } from './log';

/** The longest event is a command of 10 kB with a few names, and JSON may write a character as six. */
const BODY_LIMIT = 96 * 1024;

const time = z.number().describe('milliseconds since the epoch, by the clock of the service');

const event = z.strictObject({
  seq: z.number().describe('order of writing over all incidents; grows, never repeats'),
  incident: z.string(),
  clientId: z.string(),
  kind: z.enum(KINDS as [string, ...string[]]),
  at: time,
  who: author,
  body: z.record(z.string(), z.unknown()).describe('what was sent'),
});

const incident = z.strictObject({
  id: z.string(),
  title: z.string(),
  severity: z.enum(SEVERITIES),
  runbook: z.string().nullable(),
  service: z.string().nullable(),
  alert: creation.shape.alert.unwrap().nullable(),
  status: z.enum(['open', 'acknowledged', 'resolved']),
  phase: z.enum(PHASES).nullable(),
  createdAt: time,
  createdBy: author,
  acknowledgedAt: time.nullable(),
  acknowledgedBy: author.nullable(),
  resolvedAt: time.nullable(),
  resolvedBy: author.nullable(),
  events: z.number(),
  lastSeq: z.number().describe('sequence number of its last event'),
  lastAt: time,
});

const incidents = z.strictObject({
  incidents: z.array(incident).describe('newest first'),
  next: z.number().nullable().describe('`before` of the next page; null at the end'),
});
const incidentWithEvents = z.strictObject({
  incident,
  events: z.array(event).describe('in order, as many as fit into one answer'),
  next: z.number().nullable().describe('`after` of the next page; null at the end'),
});
const written = z.strictObject({ incident, event, fresh: z.boolean().describe('false: it had been written before') });

const listQuery = z.strictObject({
  status: z.enum(['open', 'acknowledged', 'resolved']).optional().describe('only incidents in this state'),
  limit: digits('a number from 1 to 100')
    .pipe(z.number().min(1).max(100))
    .default(50)
    .describe('1 to 100; 50 when left out'),
  before: digits('the `next` of the page before').optional().describe('`next` of the page before'),
});
const eventsQuery = z.strictObject({
  after: digits('a sequence number').default(0).describe('only events after this `seq`: `next` of the page before'),
  limit: digits(`a number from 1 to ${MAX_PAGE}`)
    .pipe(z.number().min(1).max(MAX_PAGE))
    .default(MAX_PAGE)
    .describe(`1 to ${MAX_PAGE} events; fewer come when they are long`),
});
const incidentId = /^[0-9a-z-]{1,40}$/;

export interface IncidentRoutes {
  /** Undefined when nothing is kept. */
  readonly incidents: IncidentLog | undefined;
  /** Refuse a request in which Grafana names no user. */
  readonly requireIdentity: boolean;
  /** Takes the secrets of the configuration out of what people paste. */
  readonly scrub: (text: string) => string;
}

export function incidentRoutes({ incidents: given, requireIdentity, scrub }: IncidentRoutes): Extension {
  const log = (): IncidentLog => {
    if (given === undefined) {
      throw new ApiError(
        501,
        'incidents-off',
        'this service keeps no incidents',
        'Set `state.directory` in its configuration.'
      );
    }
    return given;
  };
  const scrubbed = <T>(value: T): T =>
    JSON.parse(JSON.stringify(value), (_, each: unknown) => (typeof each === 'string' ? scrub(each) : each)) as T;

  return {
    schemas: {
      Incident: incident,
      IncidentEvent: event,
      Incidents: incidents,
      IncidentWithEvents: incidentWithEvents,
      IncidentWritten: written,
      IncidentCreation: creation,
      IncidentAddition: addition,
    },
    register(app) {
      readJson(app, BODY_LIMIT);

      app.get('/v1/incidents', async (request) => {
        const { status, limit, before } = queryAs(listQuery, request);
        return orUnavailable('incidents', () => log().list({ status, limit, before }));
      });

      app.get<{ Params: { id: string } }>('/v1/incidents/:id', async (request) => {
        const { after, limit } = queryAs(eventsQuery, request);
        const id = checkedId(request.params.id);
        const found = orUnavailable('incidents', () => log().get(id));
        if (found === undefined) {
          throw unknownIncident();
        }
        return { incident: found, ...orUnavailable('incidents', () => log().events(id, after, limit)) };
      });

      app.post('/v1/incidents', async (request, reply) => {
        const by = writerOf(request, requireIdentity);
        const body = scrubbed(bodyAs(creation, request));
        const answer = await told(log().create(body, by));
        return reply.status(answer.fresh ? 201 : 200).send(answer);
      });

      app.post<{ Params: { id: string } }>('/v1/incidents/:id/events', async (request, reply) => {
        const id = checkedId(request.params.id);
        const by = writerOf(request, requireIdentity);
        const body = scrubbed(bodyAs(addition, request));
        const answer = await told(log().add(id, body, by));
        return reply.status(answer.fresh ? 201 : 200).send(answer);
      });
    },
    paths: {
      '/v1/incidents': {
        get: {
          summary: 'Incidents, newest first',
          parameters: [...parametersOf(listQuery)],
          responses: { 200: json('Incidents', 'incidents'), ...refusals([400, 'bad query'], ...OUT) },
        },
        post: {
          summary: 'Open an incident',
          requestBody: sent('IncidentCreation'),
          responses: {
            201: json('IncidentWritten', 'opened'),
            200: json('IncidentWritten', 'had been opened before with the same client id and content'),
            ...refusals(...WRITING, ...OUT),
          },
        },
      },
      '/v1/incidents/{id}': {
        get: {
          summary: 'One incident and its events',
          parameters: [inPath('id', 'id of the incident'), ...parametersOf(eventsQuery)],
          responses: {
            200: json('IncidentWithEvents', 'the incident'),
            ...refusals([400, 'bad query'], [404, 'no such incident'], ...OUT),
          },
        },
      },
      '/v1/incidents/{id}/events': {
        post: {
          summary: 'Add what was done',
          parameters: [inPath('id', 'id of the incident')],
          requestBody: sent('IncidentAddition'),
          responses: {
            201: json('IncidentWritten', 'written'),
            200: json('IncidentWritten', 'had been written before with the same client id and content'),
            ...refusals([404, 'no such incident'], ...WRITING, ...OUT),
          },
        },
      },
    },
  };
}

const WRITING = [
  [400, 'not such an event: the message names the key'],
  [403, 'nobody is named: `requireIdentity`'],
  [409, `the client id was used for something else, or the incident has ${MAX_EVENTS} events or ${MAX_BYTES} bytes`],
  [413, 'larger than 96 kB'],
  [415, 'not JSON'],
] as const;
const OUT = [
  [501, 'no incidents are kept'],
  [503, 'they cannot be read or written now: send it again'],
] as const;

const unknownIncident = (): ApiError =>
  new ApiError(404, 'unknown-incident', 'there is no such incident', 'GET /v1/incidents lists them.');

function checkedId(id: string): string {
  if (!incidentId.test(id)) {
    throw unknownIncident();
  }
  return id;
}

async function told(writing: Promise<Written>): Promise<Written> {
  try {
    return await writing;
  } catch (error) {
    if (!(error instanceof IncidentRefused)) {
      throw asUnavailable('incidents', error);
    }
    switch (error.refusal) {
      case 'unknown-incident':
        throw unknownIncident();
      case 'conflict':
        throw new ApiError(
          409,
          'conflict',
          'this client id was used for something else',
          'Choose a new client id for a new event; to send the same event again, send it unchanged.'
        );
      default:
        throw new ApiError(
          409,
          'incident-too-large',
          error.message,
          'Resolve it; open a new incident, and name this one in its note.'
        );
    }
  }
}
