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
  /** Alerts that were left out here: beyond the most that one webhook may bring, or not understood. */
  readonly cut: ReadonlyArray<{
    readonly reason: 'too-many' | 'not-understood';
    readonly count: number;
    readonly message: string;
  }>;
}

export const MAX_ALERTS = 500;
/** Longer ones are cut: labels tell alerts apart, and texts belong to annotations, which are not kept. */
const MAX_LABELS = 128;
const MAX_VALUE = 1024;
const MAX_LABEL_BYTES = 8192;

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

const labels = z.record(z.string().min(1), z.string()).transform(kept);

/** As many labels as are kept, the name of the alert first; a long value ends in "…". */
function kept(all: Readonly<Record<string, string>>): Record<string, string> {
  const names = Object.keys(all).sort((a, b) => Number(b === 'alertname') - Number(a === 'alertname'));
  const some: Record<string, string> = {};
  let bytes = 0;
  for (const name of names.slice(0, MAX_LABELS)) {
    const text = all[name] ?? '';
    const value = text.length > MAX_VALUE ? `${text.slice(0, MAX_VALUE)}…` : text;
    bytes += Buffer.byteLength(name) + Buffer.byteLength(value);
    if (bytes > MAX_LABEL_BYTES) {
      break;
    }
    some[name] = value;
  }
  return some;
}

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
  alerts: z.array(z.unknown()).min(1),
});

/** What is wrong with a webhook: the key, and what is allowed. */
export class NotAWebhook extends Error {}

/**
 * One alert that is not understood, or one too many, does not cost the others: they are read, and it is in `cut`. Errors:
 * `NotAWebhook` when nothing in it is an alert.
 */
export function readNotices(body: unknown): Notices {
  const parsed = webhook.safeParse(body);
  if (!parsed.success) {
    throw new NotAWebhook(saidOf(parsed.error, []));
  }
  const { alerts, orgId, version, truncatedAlerts } = parsed.data;
  const read = alerts.slice(0, MAX_ALERTS).map((each, index) => ({ index, ...alert.safeParse(each) }));
  const [first] = read.filter((each) => !each.success);
  const notices = read.flatMap((each) => (each.success ? [noticeOf(each.data)] : []));
  const message = first?.error === undefined ? '' : saidOf(first.error, ['alerts', String(first.index)]);
  if (notices.length === 0) {
    throw new NotAWebhook(message);
  }
  const beyond = alerts.length - read.length;
  const bad = read.length - notices.length;
  return {
    source: orgId !== undefined || version === '1' ? 'grafana' : 'alertmanager',
    truncated: truncatedAlerts ?? 0,
    alerts: notices,
    cut: [
      beyond === 0
        ? []
        : [{ reason: 'too-many' as const, count: beyond, message: `a webhook may bring ${MAX_ALERTS} alerts` }],
      bad === 0 ? [] : [{ reason: 'not-understood' as const, count: bad, message }],
    ].flat(),
  };
}

const noticeOf = ({ status, labels: all, startsAt, endsAt, fingerprint }: z.infer<typeof alert>): Notice => ({
  fingerprint,
  name: all.alertname ?? '',
  status,
  startsAt,
  endsAt: status === 'resolved' && endsAt !== undefined && endsAt >= startsAt ? endsAt : null,
  labels: all,
});

function saidOf(error: z.ZodError, path: readonly string[]): string {
  const [issue] = error.issues;
  const where = [...path, ...(issue?.path ?? []).map(String)].join('.');
  return `${where === '' ? 'the body' : `\`${where}\``}: ${issue?.message ?? 'not understood'}`;
}

/** One alert that fires is one occurrence of a fingerprint: it may come back with another start. */
export const occurrenceOf = ({ fingerprint, startsAt }: Pick<Notice, 'fingerprint' | 'startsAt'>): string =>
  `${fingerprint}@${startsAt}`;
