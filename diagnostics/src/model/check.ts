/**
 * The check model. A check is one small file: what it asks, the fields and rows it answers, its thresholds, what to do
 * about a finding, the least privilege it needs, and how to ask. Everything else (deadlines, states, `since`, the
 * catalogue, metrics, OpenAPI, the configuration's schema) follows from that description.
 */
import type { CheckResult, Row, Scalar, UnknownReason } from '@live-runbooks/engine';
import { z } from 'zod';
import type { FactSchema, Facts, ValuesOf } from './fact';

export const TARGET_KINDS = ['postgres', 'redis', 'sentinel', 'http', 'tcp', 'tls', 'dns', 'sqs', 'kms'] as const;
/** The states of a check, and of one thing that a check judges by itself. */
export const STATES = ['ok', 'warning', 'critical', 'unknown'] as const satisfies ReadonlyArray<CheckResult['state']>;

export type TargetKind = (typeof TARGET_KINDS)[number];

/** What one run of a check found. */
export interface Finding {
  /** The number that the thresholds judge; null when it is not known. */
  readonly value: number | null;
  readonly summary: string;
  readonly fields: Readonly<Record<string, Scalar>>;
  /** A table that is left out is empty. */
  readonly rows?: Readonly<Record<string, readonly Row[] | undefined>>;
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

/** Columns by table. */
export type Tables = Readonly<Record<string, Facts>>;

/** What fields and columns that the configuration names are. */
export interface Configured {
  readonly fields?: FactSchema;
  readonly rows?: Readonly<Record<string, FactSchema>>;
}

type FieldsOf<F extends Facts, C extends Configured> = ValuesOf<F> &
  (C extends { readonly fields: FactSchema } ? Readonly<Record<string, Scalar>> : unknown);

type RowOf<T extends Tables, Table extends keyof T, C extends Configured> = ValuesOf<T[Table]> &
  (C extends { readonly rows: Readonly<Record<Table, FactSchema>> } ? Row : unknown);

/** What a check with these declarations finds: every declared field, and in each row every declared column. */
export interface FindingOf<F extends Facts, T extends Tables, C extends Configured> extends Finding {
  readonly fields: FieldsOf<F, C>;
  readonly rows?: { readonly [Table in keyof T]?: ReadonlyArray<RowOf<T, Table, C>> | undefined };
  readonly finish?: () => Promise<FindingOf<F, T, C>>;
}

/** `Given` without what is not declared: a name that is not declared has no value that could be given. */
type Only<Given, Declared> = {
  readonly [Name in keyof Given]: Name extends keyof Declared ? Declared[Name] : never;
};

/** The compiler lets an object have more than its type says; a finding may not. */
type Exact<R, F extends Facts, T extends Tables, C extends Configured> =
  R extends FindingOf<F, T, C>
    ? {
        readonly fields: Only<R['fields'], FieldsOf<F, C>>;
        readonly rows?: {
          readonly [Table in keyof NonNullable<R['rows']>]: Table extends keyof T
            ? OnlyRows<NonNullable<R['rows']>[Table], RowOf<T, Table, C>>
            : never;
        };
      }
    : never;

type OnlyRows<Given, Columns> =
  NonNullable<Given> extends ReadonlyArray<infer Each> ? ReadonlyArray<Only<Each, Columns>> : never;

/** A check of counters has a rate from its second round on. */
export const NO_RATE_YET = {
  reason: 'no-series',
  mend: 'Ask again in a few seconds: the first round only counts.',
} as const satisfies Finding['unknown'];

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
  /** What the value is: the field that says it, where one does, and its unit, a Grafana unit id. */
  readonly value: { readonly field?: string; readonly meaning: string; readonly unit: string };
  readonly fields: Facts;
  readonly rows: Tables;
  /** What the configuration adds under names of its own: fields, and columns by table. */
  readonly configured?: Configured;
  /** A value below the threshold is the problem, not above. */
  readonly below?: boolean;
  /** What to do about a finding. */
  readonly mend: string;
  /** The least privilege, as a statement that an administrator can run. */
  readonly privilege: string;
  /** Its value is a time that this service measures: it accuses after two answers in a row, and never while the service starves. */
  readonly timed?: boolean;
  /** Wrong, not merely poorer, for a role that does not see the statistics of other roles' sessions. */
  readonly needsStatistics?: boolean;
  /** Its `windowSeconds` is `statementsWindowSeconds` of the configuration, unless it is set for the check. */
  readonly statementsWindow?: boolean;
  /** Too costly for a round: asked only on demand (POST); rounds show its last answer. */
  readonly onDemand?: boolean;
  /**
   * What it tells changes slowly: while it is fine, rounds that nobody asks for ask it every so many times. Whoever looks
   * is answered at the pace of `everySeconds`, and a finding is looked at in every round. Left out: every round.
   */
  readonly unaskedEvery?: number;
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

/** The description as a check declares it; what it finds has exactly these fields and columns. */
interface Declaration<F extends Facts, T extends Tables, C extends Configured> extends Omit<
  CheckDescription,
  'value' | 'fields' | 'rows' | 'configured'
> {
  /** The field that is the value, or what the value is where no field says it. */
  readonly value: NoInfer<keyof F & string> | FactSchema;
  /** Name → what it is. */
  readonly fields: F;
  /** Table → column → what it is. */
  readonly rows: T;
  /** What the configuration adds under names of its own. */
  readonly configured?: C;
}

/** `make` is called once per target, so that a check can keep what it needs between rounds (windows of counters). */
export function defineCheck<
  Context,
  O extends Options,
  F extends Facts,
  T extends Tables,
  R extends FindingOf<F, T, C>,
  C extends Configured = Record<never, never>,
>(
  declaration: Declaration<F, T, C> & {
    readonly options: O;
    readonly make: (options: z.infer<O>) => (context: Context) => Promise<R & Exact<R, F, T, C>>;
  }
): Check<Context> {
  const { options: schema, make, value, ...others } = declaration;
  const rest: CheckDescription = { ...others, value: valueOf(value, declaration.fields) };
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

function valueOf(value: string | FactSchema, fields: Facts): CheckDescription['value'] {
  const schema = typeof value === 'string' ? fields[value] : value;
  const { description: meaning = '', unit } = schema?.meta() ?? {};
  return {
    ...(typeof value === 'string' ? { field: value } : {}),
    meaning,
    unit: typeof unit === 'string' ? unit : 'short',
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
    unit: description.value.unit,
    threshold,
    fields: finding.fields,
    rows: mapTables(description, (table) => finding.rows?.[table] ?? []),
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
    unit: description.value.unit,
    threshold,
    fields: Object.fromEntries(Object.keys(description.fields).map((name) => [name, null])),
    rows: mapTables(description, () => []),
    since: null,
    ...timing,
    mend: why.mend,
  };
}

const mapTables = ({ rows }: CheckDescription, of: (table: string) => readonly Row[]): Record<string, readonly Row[]> =>
  Object.fromEntries(Object.keys(rows).map((table) => [table, of(table)]));
