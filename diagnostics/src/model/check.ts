/**
 * The check model. A check is one small file: what it asks, the fields and rows it answers, its thresholds, what to do
 * about a finding, the least privilege it needs, and how to ask. Everything else (deadlines, states, `since`, the
 * catalogue, metrics, OpenAPI, the configuration's schema) follows from that description.
 */
import type { CheckResult, Row, Scalar, UnknownReason } from '@live-runbooks/engine';
import { z } from 'zod';

export const TARGET_KINDS = ['postgres', 'redis', 'sentinel', 'http', 'tcp', 'tls', 'dns', 'sqs', 'kms'] as const;
export type TargetKind = (typeof TARGET_KINDS)[number];

/** What one run of a check found. */
export interface Finding {
  /** The number that the thresholds judge; null when it is not known. */
  readonly value: number | null;
  readonly summary: string;
  readonly fields: Readonly<Record<string, Scalar>>;
  readonly rows?: Readonly<Record<string, readonly Row[]>>;
  /** Set when the thresholds alone do not say it. The worse of the two holds. */
  readonly atLeast?: 'warning' | 'critical';
  /** Set when thresholds do not apply to this finding (an eviction policy makes a full memory normal). */
  readonly ignoreThresholds?: boolean;
  /** Set when the question could not be answered; what is known may still be in `fields`. */
  readonly unknown?: { readonly reason: UnknownReason; readonly mend: string };
  readonly mend?: string;
  /**
   * What the finding wants to ask once every other check has answered, because it may take long or cost the session.
   * Answers the finding that replaces this one; this one stands when it fails.
   */
  readonly finish?: () => Promise<Finding>;
}

/** Says, inside a check, that the question cannot be answered, and how to mend that. */
export class Unanswered extends Error {
  constructor(
    readonly reason: UnknownReason,
    message: string,
    readonly mend: string
  ) {
    super(message);
  }
}

type Options = z.ZodObject<Record<string, z.ZodType>>;

export interface CheckDescription {
  readonly id: string;
  readonly title: string;
  readonly kind: TargetKind;
  /** What it asks the server, in words and names of views or commands. */
  readonly asks: string;
  /** Unit of the value: a Grafana unit id. */
  readonly unit: string;
  /** Name → meaning, with its unit (times in seconds, sizes in bytes, rates per second, ratios 0–1). */
  readonly fields: Readonly<Record<string, string>>;
  /** Table → column → meaning. */
  readonly rows: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The only words that a field, or a column as `table.column`, can have; one that is not listed may have any. */
  readonly words?: Readonly<Record<string, readonly string[]>>;
  /** A value below the threshold is the problem, not above. */
  readonly below?: boolean;
  /** What to do about a finding. */
  readonly mend: string;
  /** The least privilege, as a statement that an administrator can run. */
  readonly privilege: string;
  /** Its value is a time that this service measures: it says nothing while the service starves. */
  readonly timed?: boolean;
  /** Too costly for a round: asked only on demand (POST); rounds show its last answer. */
  readonly onDemand?: boolean;
}

export interface Check<Context> extends CheckDescription {
  /** What the configuration may set for this check; every key has a default or is optional. */
  readonly options: Options;
  /** Takes checked options once; the answer runs the check. */
  prepare(options: Readonly<Record<string, unknown>>): PreparedCheck<Context>;
}

export interface PreparedCheck<Context> {
  readonly description: CheckDescription;
  readonly threshold: CheckResult['threshold'];
  /** A round asks again when its last answer is this old, and shows that until then; 0: every round asks. */
  readonly everySeconds: number;
  run(context: Context): Promise<Finding>;
}

/** Thresholds of a check as options; `.optional()` ones are unset by default. */
export const limit = {
  warning: (value: number) => z.number().default(value),
  critical: (value: number) => z.number().default(value),
  none: () => z.number().optional(),
  /** How often rounds ask a costly check. Seconds; 0: every round. */
  every: (seconds: number) => z.number().min(0).max(86_400).default(seconds),
};

/** `make` is called once per target, so that a check can keep what it needs between rounds (windows of counters). */
export function defineCheck<Context, O extends Options>(
  description: CheckDescription & {
    readonly options: O;
    readonly make: (options: z.infer<O>) => (context: Context) => Promise<Finding>;
  }
): Check<Context> {
  const { options: schema, make, ...rest } = description;
  return {
    ...rest,
    options: schema,
    prepare(given) {
      const options = schema.parse(given);
      const {
        warning,
        critical,
        everySeconds = 0,
      } = options as Partial<Record<'warning' | 'critical' | 'everySeconds', number>>;
      const threshold =
        warning === undefined && critical === undefined
          ? null
          : { ...(warning === undefined ? {} : { warning }), ...(critical === undefined ? {} : { critical }) };
      return { description: rest, threshold, everySeconds, run: make(options as z.infer<O>) };
    },
  };
}

const ORDER = { ok: 0, unknown: 1, warning: 2, critical: 3 } as const;

/** The worse of two states; unknown is worse than ok and better than a finding. */
export function worse(a: CheckResult['state'], b: CheckResult['state']): CheckResult['state'] {
  return ORDER[a] >= ORDER[b] ? a : b;
}

/** A value at the threshold counts: "warning: 1" fires at one. */
export function judge(
  value: number,
  threshold: CheckResult['threshold'],
  below = false
): 'ok' | 'warning' | 'critical' {
  const past = (bound: number | undefined): boolean => bound !== undefined && (below ? value <= bound : value >= bound);
  return past(threshold?.critical) ? 'critical' : past(threshold?.warning) ? 'warning' : 'ok';
}

/** When a check was asked: `askedAt` in ms since the epoch, `tookMs` in ms. */
export interface Timing {
  readonly askedAt: number;
  readonly tookMs: number;
}

/** A finding as the answer of the service. `since` is filled in by whoever has seen the rounds before. */
export function toResult(check: PreparedCheck<never>, finding: Finding, timing: Timing): CheckResult {
  const { description, threshold } = check;
  const base = {
    id: description.id,
    title: description.title,
    summary: finding.summary,
    value: finding.value,
    unit: description.unit,
    threshold,
    fields: finding.fields,
    rows: { ...emptyRows(description), ...finding.rows },
    since: null,
    ...timing,
  };
  if (finding.unknown) {
    return { ...base, state: 'unknown', reason: finding.unknown.reason, mend: finding.unknown.mend };
  }
  const judged =
    finding.value === null || finding.ignoreThresholds ? 'ok' : judge(finding.value, threshold, description.below);
  const state = worse(judged, finding.atLeast ?? 'ok');
  return { ...base, state, ...(state === 'ok' ? {} : { mend: finding.mend ?? description.mend }) };
}

/** The answer of a check that could not ask. Fields that it would have had are null, never zero. */
export function toUnknown(
  check: PreparedCheck<never>,
  why: { readonly reason: UnknownReason; readonly summary: string; readonly mend: string },
  timing: Timing
): CheckResult {
  const { description, threshold } = check;
  return {
    id: description.id,
    title: description.title,
    state: 'unknown',
    reason: why.reason,
    summary: why.summary,
    value: null,
    unit: description.unit,
    threshold,
    fields: Object.fromEntries(Object.keys(description.fields).map((name) => [name, null])),
    rows: emptyRows(description),
    since: null,
    ...timing,
    mend: why.mend,
  };
}

const emptyRows = (description: CheckDescription): Record<string, readonly Row[]> =>
  Object.fromEntries(Object.keys(description.rows).map((name) => [name, []]));
