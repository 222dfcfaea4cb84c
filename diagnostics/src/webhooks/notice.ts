/**
 * The webhooks of Alertmanager (version "4") and of Grafana's alerting (version "1"), which took the other's format and
 * added to it. Unknown keys are let through: both add some with every release. What is read is checked.
 * Sources: https://prometheus.io/docs/alerting/latest/configuration/#webhook_config,
 * https://grafana.com/docs/grafana/latest/alerting/configure-notifications/manage-contact-points/integrations/webhook-notifier/
 */
import { z } from 'zod';

/** One alert of a webhook. Times are ms since the epoch. */
export interface Notice {
  readonly fingerprint: string;
  readonly name: string;
  readonly status: 'firing' | 'resolved';
  readonly startsAt: number;
  /** Only when it is over. */
  readonly endsAt: number | null;
  readonly labels: Readonly<Record<string, string>>;
}

export interface Notices {
  readonly source: 'alertmanager' | 'grafana';
  readonly alerts: readonly Notice[];
  /** Alerts that the sender left out. */
  readonly truncated: number;
}

export const MAX_ALERTS = 500;
const MAX_LABELS = 128;

/** RFC 3339, with any number of decimals. Go's zero time, year 1, stands for "not yet". */
const time = z
  .string()
  .max(64)
  .transform((text, context) => {
    const ms = Date.parse(text);
    if (Number.isNaN(ms) || !/^\d{4}-\d{2}-\d{2}T/.test(text)) {
      context.addIssue({ code: 'custom', message: 'not a time like 2026-01-05T03:12:00Z' });
      return z.NEVER;
    }
    return ms;
  });

const labels = z
  .record(z.string().min(1).max(256), z.string().max(4096))
  .refine((all) => Object.keys(all).length <= MAX_LABELS, `more than ${MAX_LABELS} labels`);

const alert = z.object({
  status: z.enum(['firing', 'resolved']),
  labels,
  startsAt: time,
  endsAt: time.optional(),
  fingerprint: z.string().regex(/^[0-9a-zA-Z_-]{1,64}$/, 'letters and digits, at most 64'),
});

const webhook = z.object({
  version: z.string().max(16).optional(),
  orgId: z.number().optional(),
  truncatedAlerts: z.number().int().min(0).optional(),
  alerts: z.array(alert).min(1).max(MAX_ALERTS),
});

/** What is wrong with a webhook: the key, and what is allowed. */
export class NotAWebhook extends Error {}

/** Errors: `NotAWebhook`. */
export function readNotices(body: unknown): Notices {
  const parsed = webhook.safeParse(body);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = (issue?.path ?? []).map(String).join('.');
    throw new NotAWebhook(`${where === '' ? 'the body' : `\`${where}\``}: ${issue?.message ?? 'not understood'}`);
  }
  const { alerts, orgId, version, truncatedAlerts } = parsed.data;
  return {
    source: orgId !== undefined || version === '1' ? 'grafana' : 'alertmanager',
    truncated: truncatedAlerts ?? 0,
    alerts: alerts.map(({ status, labels: all, startsAt, endsAt, fingerprint }) => ({
      fingerprint,
      name: all.alertname ?? '',
      status,
      startsAt,
      endsAt: status === 'resolved' && endsAt !== undefined && endsAt >= startsAt ? endsAt : null,
      labels: all,
    })),
  };
}

/** One alert that fires is one occurrence of a fingerprint: it may come back with another start. */
export const occurrenceOf = ({ fingerprint, startsAt }: Pick<Notice, 'fingerprint' | 'startsAt'>): string =>
  `${fingerprint}@${startsAt}`;
