/** The webhooks that Alertmanager and Grafana call, and what was kept. */
import { z } from 'zod';
import { round } from '../http/answers';
import { ApiError } from '../http/errors';
import {
  asUnavailable,
  type Extension,
  json,
  moment,
  orUnavailable,
  parametersOf,
  queryAs,
  readJson,
  refusals,
  requireJson,
  sent,
} from '../http/extension';
import { recorderOff } from '../recorder/routes';
import type { EvidenceShelf } from '../evidence/shelf';
import type { EvidenceCollector } from './evidence';
import { MAX_ALERTS, NotAWebhook, readNotices } from './notice';

/** More alerts than are kept, with long annotations: what fits is kept, so that few are sent in vain. */
const BODY_LIMIT = 8 * 1024 * 1024;

const time = z.number().describe('milliseconds since the epoch');
const source = z.enum(['alertmanager', 'grafana']);

const webhook = z
  .looseObject({
    alerts: z.array(
      z.looseObject({
        status: z.enum(['firing', 'resolved']),
        labels: z.record(z.string(), z.string()),
        startsAt: z.string().describe('RFC 3339'),
        endsAt: z.string().optional(),
        fingerprint: z.string(),
      })
    ),
  })
  .describe(
    `webhook of Alertmanager (version "4") or of Grafana's alerting; of more than ${MAX_ALERTS} alerts the first are kept`
  );

const received = z.strictObject({
  source,
  rounds: z.number().describe('rounds that were taken for this webhook'),
  alerts: z.array(
    z.strictObject({
      fingerprint: z.string(),
      startsAt: time,
      evidence: z.enum(['kept', 'known', 'over']).describe('kept now, known from before, or over: resolved'),
    })
  ),
  cut: z
    .array(z.strictObject({ reason: z.enum(['too-many', 'not-understood']), count: z.number(), message: z.string() }))
    .describe('alerts that were left out, and why'),
});

const occurrence = {
  fingerprint: z.string(),
  name: z.string(),
  startsAt: time,
  endsAt: time.nullable(),
  labels: z.record(z.string(), z.string()),
  source,
  receivedAt: time,
  pinnedUntil: time,
};
const evidence = z.strictObject({
  occurrences: z.array(z.strictObject(occurrence)).describe('newest first, at most 50'),
  evidence: z
    .strictObject({
      ...occurrence,
      rounds: z.array(round).describe('in force when the alert began, and taken when it arrived'),
    })
    .nullable()
    .describe('the occurrence asked for, or the newest; null when nothing was kept'),
});

const evidenceQuery = z
  .strictObject({
    fingerprint: z.string().min(1).max(64).optional().describe('of the alert; either this or `name`'),
    name: z.string().min(1).max(300).optional().describe('name of the alert; either this or `fingerprint`'),
    startsAt: moment('startsAt').optional().describe('which occurrence, ms since the epoch; the newest when left out'),
  })
  .refine(
    ({ fingerprint, name }) => (fingerprint === undefined) !== (name === undefined),
    'give either fingerprint or name'
  );

export interface WebhookRoutes {
  /** Undefined when there is no recorder. */
  readonly kept: { readonly shelf: EvidenceShelf; readonly collector: EvidenceCollector } | undefined;
}

export function webhookRoutes({ kept }: WebhookRoutes): Extension {
  return {
    schemas: { AlertWebhook: webhook, AlertsReceived: received, AlertEvidence: evidence },
    register(app) {
      readJson(app, BODY_LIMIT);

      app.post('/v1/alerts', async (request) => {
        requireJson(request);
        if (kept === undefined) {
          throw recorderOff();
        }
        let notices;
        try {
          notices = readNotices(request.body);
        } catch (error) {
          if (error instanceof NotAWebhook) {
            throw new ApiError(
              400,
              'not-a-webhook',
              error.message,
              "Send what Alertmanager's or Grafana's webhook sends."
            );
          }
          throw error;
        }
        try {
          return await kept.collector.receive(notices);
        } catch (error) {
          throw asUnavailable('recorder', error);
        }
      });

      app.get('/v1/alerts/evidence', async (request) => {
        const { fingerprint, name, startsAt } = queryAs(evidenceQuery, request);
        if (kept === undefined) {
          throw recorderOff();
        }
        const { shelf } = kept;
        return orUnavailable('recorder', () => {
          const occurrences = shelf.list(fingerprint === undefined ? { name: name ?? '' } : { fingerprint });
          const of = startsAt === undefined ? occurrences[0] : occurrences.find((each) => each.startsAt === startsAt);
          return { occurrences, evidence: of === undefined ? null : (shelf.find(of.fingerprint, of.startsAt) ?? null) };
        });
      });
    },
    paths: {
      '/v1/alerts': {
        post: {
          summary: 'Webhook of Alertmanager or Grafana: takes a round of every target now and keeps it for 30 days',
          requestBody: sent('AlertWebhook'),
          responses: {
            200: json('AlertsReceived', 'what was kept; the same alert again costs no further round'),
            ...refusals(
              [400, 'not such a webhook'],
              [413, 'larger than 8 MB'],
              [415, 'not JSON'],
              [501, 'no recorder is configured'],
              [503, 'it cannot be kept now: send it again']
            ),
          },
        },
      },
      '/v1/alerts/evidence': {
        get: {
          summary: 'What was kept when an alert arrived',
          parameters: [...parametersOf(evidenceQuery)],
          responses: {
            200: json('AlertEvidence', 'occurrences, and the rounds of one of them'),
            ...refusals(
              [400, 'bad query'],
              [501, 'no recorder is configured'],
              [503, 'the recorder cannot be read now']
            ),
          },
        },
      },
    },
  };
}
