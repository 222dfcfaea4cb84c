/** What can happen in an incident. The schemas are the one definition: validation, types and OpenAPI come from them. */
import { z } from 'zod';

/** Bytes of UTF-8, not characters: what is bounded is what is stored. */
const bytes = (most: number) =>
  z
    .string()
    .max(most)
    .refine((text) => Buffer.byteLength(text) <= most, `at most ${most} bytes`);
const line = z
  .string()
  .trim()
  .min(1)
  .max(300)
  .refine((text) => !/[\u0000-\u001f\u007f]/.test(text), 'one line, without control characters');
const name = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._/:@-]{0,199}$/, 'letters, digits and . _ / : @ -, at most 200');
const NOTE = 10_000;

/** Chosen by the client, unique for what it sends: sending it again is the same event. */
export const clientId = z
  .string()
  .regex(/^[A-Za-z0-9._:-]{8,100}$/, '8 to 100 letters, digits and . _ : -, e.g. a UUID');

export const PHASES = ['investigating', 'identified', 'mitigating', 'monitoring'] as const;
export const SEVERITIES = ['critical', 'warning', 'info'] as const;

const alert = z.strictObject({
  name: line,
  fingerprint: name.optional(),
  startsAt: z.number().int().min(0).optional(),
  labels: z
    .record(z.string().min(1).max(256), z.string().max(1024))
    .refine((all) => Object.keys(all).length <= 64, 'at most 64 labels')
    .optional(),
});

export const creation = z.strictObject({
  clientId,
  title: line,
  severity: z.enum(SEVERITIES).default('warning'),
  /** `<pack>/<runbook>` */
  runbook: name.optional(),
  service: name.optional(),
  alert: alert.optional(),
  note: bytes(NOTE).optional(),
});

const shapes = {
  acknowledge: { note: bytes(NOTE).optional() },
  phase: { phase: z.enum(PHASES), note: bytes(NOTE).optional() },
  note: { text: bytes(NOTE).refine((text) => text.trim() !== '', 'not empty') },
  'command-copied': {
    runbook: name,
    fix: name,
    cause: name.optional(),
    command: bytes(NOTE).refine((text) => text.trim() !== '', 'not empty'),
  },
  'fix-verified': {
    runbook: name,
    fix: name,
    signal: name.optional(),
    result: z.enum(['worked', 'no-change', 'unknown']),
    note: bytes(NOTE).optional(),
  },
  resolve: { note: bytes(NOTE).optional() },
  reopen: { note: bytes(NOTE).optional() },
};

const action = <K extends keyof typeof shapes>(kind: K) =>
  z.strictObject({ clientId, kind: z.literal(kind), ...shapes[kind] });

export const addition = z.discriminatedUnion('kind', [
  action('acknowledge'),
  action('phase'),
  action('note'),
  action('command-copied'),
  action('fix-verified'),
  action('resolve'),
  action('reopen'),
]);

export const KINDS = ['create', ...Object.keys(shapes)] as readonly EventKind[];

export type Creation = z.infer<typeof creation>;
export type Addition = z.infer<typeof addition>;
export type EventKind = 'create' | Addition['kind'];

/** Who did it, as Grafana's proxy says; see `author.ts`. */
export const author = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('user'),
    login: z.string(),
    userId: z.number(),
    orgId: z.number().nullable(),
    role: z.string(),
  }),
  z.strictObject({
    kind: z.literal('service-account'),
    login: z.string(),
    userId: z.number(),
    orgId: z.number().nullable(),
    role: z.string(),
  }),
  z.strictObject({ kind: z.literal('anonymous'), role: z.string() }),
  z.strictObject({ kind: z.literal('unknown'), why: z.enum(['no-header', 'unreadable-header']) }),
]);
export type Author = z.infer<typeof author>;

/** An event as it was written. */
export interface IncidentEvent {
  /** Order of writing over all incidents; grows, never repeats. */
  readonly seq: number;
  readonly incident: string;
  readonly clientId: string;
  readonly kind: EventKind;
  /** Clock of the service, ms since the epoch. Order is `seq`, not this. */
  readonly at: number;
  readonly who: Author;
  /** What was sent, without `clientId` and `kind`. */
  readonly body: Readonly<Record<string, unknown>>;
}
