/**
 * The one definition of the YAML that authors write. Short forms (`present: -strong`, `within: 60s`,
 * `where: {state: idle in transaction}`) become the full ones of `model/pack.ts` here; names that refer to other
 * things (signals, causes, fixes) are resolved in `compile.ts`, where all files are known.
 */
import { z } from 'zod';

import type { Condition, Test } from '../model/pack';
import { UNKNOWN_REASONS } from '../model/outcome';
import { nearest } from './problem';

/** A map whose keys are all known; an unknown key names what is allowed. */
function strict<T extends z.core.$ZodLooseShape>(shape: T) {
  const allowed = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code === 'unrecognized_keys') {
        return (issue.keys as string[])
          .map((key) => {
            const near = nearest(key, allowed);
            return `unknown key \`${key}\`${near === undefined ? '' : `; did you mean \`${near}\`?`}; allowed: ${allowed.join(', ')}`;
          })
          .join('; ');
      }
      return issue.code === 'invalid_type'
        ? `expected a map with ${allowed.join(', ')}, got ${describe(issue.input)}`
        : undefined;
    },
  });
}

/** How a value looks to its author. */
export function describe(value: unknown): string {
  if (value === undefined) {
    return 'nothing';
  }
  if (value === null) {
    return 'an empty value';
  }
  if (Array.isArray(value)) {
    return 'a list';
  }
  if (typeof value === 'object') {
    return 'a map (a text that begins with `{` must be quoted)';
  }
  return `${typeof value} ${JSON.stringify(value)}`;
}

const text = z
  .string({ error: (issue) => `expected a text, got ${describe(issue.input)}` })
  .trim()
  .min(1, 'must not be empty');
const ID = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;
const id = text.regex(ID, 'must be lower-case words joined by hyphens, like `lock-waiters`');
const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()], {
  error: (issue) => `expected a text, a number, true, false or null, got ${describe(issue.input)}`,
});
const number = z.number({ error: (issue) => `expected a number, got ${describe(issue.input)}` });
const list = <T extends z.ZodType>(item: T) =>
  z
    .union([z.array(item), item], { error: (issue) => `expected one or a list, got ${describe(issue.input)}` })
    .transform((value): Array<z.output<T>> =>
      Array.isArray(value) ? (value as Array<z.output<T>>) : [value as z.output<T>]
    );
const texts = z
  .union([z.string(), z.array(z.string())], {
    error: (issue) => `expected a text or a list of texts, got ${describe(issue.input)}`,
  })
  .transform((value) => (Array.isArray(value) ? value : [value]));
const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, {
    error: (issue) => {
      const near = typeof issue.input === 'string' ? nearest(issue.input, values) : undefined;
      return `expected one of ${values.join(', ')}; got ${describe(issue.input)}${near === undefined ? '' : `; did you mean \`${near}\`?`}`;
    },
  });

/** Seconds of `90`, `60s`, `5m`, `1h30m`; undefined when it is none of these. */
export function parseSeconds(value: string | number): number | undefined {
  if (typeof value === 'number') {
    return value > 0 ? value : undefined;
  }
  const match = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(value.trim());
  if (!match || match[0] === '') {
    return undefined;
  }
  const [, days = '0', hours = '0', minutes = '0', seconds = '0'] = match;
  const total = Number(days) * 86_400 + Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds);
  return total > 0 ? total : undefined;
}

const seconds = z
  .union([z.string(), z.number()], { error: (issue) => `expected a duration like 60s, got ${describe(issue.input)}` })
  .transform((value, context) => {
    const parsed = parseSeconds(value);
    if (parsed === undefined) {
      context.addIssue({
        code: 'custom',
        message: `expected a duration above zero like 60s, 5m or 1h30m, got ${describe(value)}`,
      });
      return z.NEVER;
    }
    return parsed;
  });

export const BANDS = ['decisive', 'strong', 'moderate', 'weak', 'none'] as const;
const band = z
  .string({
    error: (issue) =>
      `expected a band (${BANDS.join(', ')}, with a leading minus when it counts against), got ${describe(issue.input)}`,
  })
  // What editors offer.
  .meta({ enum: BANDS.flatMap((name) => (name === 'none' ? [name] : [name, `-${name}`])) })
  .transform((value, context) => {
    const sign = value.startsWith('-') ? (-1 as const) : (1 as const);
    const word = value.replace(/^[-+]\s*/, '');
    const found = BANDS.find((candidate) => candidate === word);
    if (found === undefined) {
      const near = nearest(word, BANDS);
      context.addIssue({
        code: 'custom',
        message: `\`${value}\` is no band${near === undefined ? '' : `; did you mean \`${near}\`?`}; allowed: ${BANDS.join(', ')}, with a leading minus when it counts against the cause`,
      });
      return z.NEVER;
    }
    return { band: found, sign: found === 'none' ? (1 as const) : sign };
  });

const param = strict({
  title: text,
  kind: oneOf(['value', 'metric', 'duration', 'selector', 'number']).default('value'),
  label: text.optional(),
  default: z.union([z.string(), z.number()]).transform(String).optional(),
  pattern: text.optional(),
  required: z.boolean().optional(),
});

export const packSchema = strict({
  id,
  title: text,
  description: text,
  params: z
    .record(
      text.regex(/^[a-z_][a-z0-9_]*$/, 'a parameter is named in lower case with underscores, like `http_requests`'),
      param
    )
    .default({}),
  uses: list(id).default([]),
  signals: list(text).default([]),
});
export type AuthoredPack = z.output<typeof packSchema>;

const condition = z.union(
  [
    scalar.transform((value): Condition => ({ is: value })),
    z
      .array(scalar)
      .min(1)
      .transform((values): Condition => ({ oneOf: values })),
    z.strictObject({ is: scalar }).transform((value): Condition => value),
    z.strictObject({ oneOf: z.array(scalar).min(1) }).transform((value): Condition => value),
    z.strictObject({ above: z.number() }).transform((value): Condition => value),
    z.strictObject({ below: z.number() }).transform((value): Condition => value),
  ],
  { error: (issue) => `expected a value, a list of values, {above: n} or {below: n}, got ${describe(issue.input)}` }
);

const test = strict({
  above: number.optional(),
  below: number.optional(),
  is: scalar.optional(),
  isNot: scalar.optional(),
  critical: number.optional(),
}).transform((value, context): Test => {
  const given = (['above', 'below', 'is', 'isNot'] as const).filter((key) => value[key] !== undefined);
  const fail = (message: string) => {
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  };
  if (given.length !== 1) {
    return fail(`a test has exactly one of above, below, is, isNot; got ${given.join(' and ') || 'none'}`);
  }
  const { above, below, critical } = value;
  const grade = critical === undefined ? {} : { critical };
  if (above !== undefined) {
    return critical !== undefined && critical < above
      ? fail(`critical (${critical}) lies below the threshold (above: ${above})`)
      : { above, ...grade };
  }
  if (below !== undefined) {
    return critical !== undefined && critical > below
      ? fail(`critical (${critical}) lies above the threshold (below: ${below})`)
      : { below, ...grade };
  }
  if (critical !== undefined) {
    return fail('critical goes with above or below only');
  }
  return value.is !== undefined ? { is: value.is } : { isNot: value.isNot ?? null };
});

const QUERY_KEYS = ['prometheus', 'loki', 'diagnostics', 'alert', 'manual'] as const;
export const signalSchema = strict({
  title: text,
  prometheus: text.optional(),
  loki: text.optional(),
  diagnostics: strict({
    check: text.regex(/^[a-z_]+\.[a-z_]+$/, 'a check is named like `postgres.blocking`'),
    target: text,
    field: text.optional(),
    rows: text.optional(),
    where: z.record(z.string(), condition).optional(),
  })
    .refine((value) => value.field === undefined || value.rows === undefined, 'name a field or rows, not both')
    .refine(
      (value) => value.where === undefined || value.rows !== undefined,
      'where needs rows: it filters the rows of a table'
    )
    .optional(),
  alert: z
    .union([text, strict({ name: text, labels: z.record(z.string(), z.string()).default({}) })], {
      error: (issue) => `expected an alert's name, or {name, labels}, got ${describe(issue.input)}`,
    })
    .transform((value) => (typeof value === 'string' ? { name: value, labels: {} } : value))
    .optional(),
  manual: text.optional(),
  test: test.optional(),
  unit: text.default('short'),
  empty: oneOf(['present', 'absent', 'unknown']).optional(),
  maxAge: seconds.default(300),
  requires: list(id).default([]),
  viewOf: id.optional(),
  recent: id.optional(),
  cost: number.positive('a cost is above zero; 1 is an instant query').optional(),
  mend: z
    .record(z.string(), text)
    .default({})
    .superRefine((value, context) => {
      for (const key of Object.keys(value)) {
        if (!(UNKNOWN_REASONS as readonly string[]).includes(key)) {
          context.addIssue({
            code: 'custom',
            path: [key],
            message: `\`${key}\` is no reason of an unknown; allowed: ${UNKNOWN_REASONS.join(', ')}`,
          });
        }
      }
    }),
}).superRefine((value, context) => {
  const given = QUERY_KEYS.filter((key) => value[key] !== undefined);
  if (given.length !== 1) {
    context.addIssue({
      code: 'custom',
      message: `a signal asks exactly one of ${QUERY_KEYS.join(', ')}; got ${given.join(' and ') || 'none'}`,
    });
  }
  if (value.test === undefined && (value.prometheus ?? value.loki ?? value.diagnostics?.field) !== undefined) {
    context.addIssue({
      code: 'custom',
      message: 'test is missing: say when the signal is present, like `test: { above: 0 }`',
    });
  }
});
export type AuthoredSignal = z.output<typeof signalSchema>;
export const signalsSchema = z.record(id, signalSchema, {
  error: (issue) => `expected a map of signals by id, got ${describe(issue.input)}`,
});

const evidence = strict({
  signal: id,
  present: band.optional(),
  absent: band.optional(),
  group: id.optional(),
  says: text.optional(),
}).refine(
  (value) => (value.present?.band ?? 'none') !== 'none' || (value.absent?.band ?? 'none') !== 'none',
  'evidence that says nothing: give `present` or `absent` a band'
);
export type AuthoredEvidence = z.output<typeof evidence>;

const causeShape = {
  title: text.optional(),
  says: text.optional(),
  prior: oneOf(['common', 'usual', 'rare']).optional(),
  evidence: z
    .array(evidence, { error: (issue) => `expected a list of evidence, got ${describe(issue.input)}` })
    .optional(),
  explains: list(text).optional(),
  lookAlikes: list(strict({ cause: text, differs: text })).optional(),
  dont: texts.optional(),
  fixes: list(id).optional(),
};
/** Whether the packs that share a cause have one together (the one Postgres is down) or each its own (a bad deploy). */
const scope = oneOf(['pack', 'estate']).optional();
export const causeSchema = strict({ use: text.optional(), scope, ...causeShape }).refine(
  (value) => value.scope === undefined || value.use !== undefined,
  'scope is of a shared cause; this one belongs to its runbook'
);
export type AuthoredCause = z.output<typeof causeSchema>;
export const causesSchema = z.record(id, strict({ scope, ...causeShape }), {
  error: (issue) => `expected a map of causes by id, got ${describe(issue.input)}`,
});

export const LANGUAGES = ['sql', 'shell', 'promql', 'logql', 'redis', 'text'] as const;
const fixBody = {
  title: text,
  kind: oneOf(['read', 'mitigate', 'permanent']),
  risk: oneOf(['safe', 'reversible', 'destructive']),
  sql: text.optional(),
  shell: text.optional(),
  promql: text.optional(),
  logql: text.optional(),
  redis: text.optional(),
  text: text.optional(),
  when: list(id).default([]),
  reach: text,
  rollback: text.optional(),
  confirm: text.optional(),
  verify: strict({ signal: id, becomes: oneOf(['present', 'absent']), within: seconds }).optional(),
};
export const fixSchema = strict(fixBody).superRefine((value, context) => {
  const given = LANGUAGES.filter((key) => value[key] !== undefined);
  if (given.length !== 1) {
    context.addIssue({
      code: 'custom',
      message: `a fix has exactly one command, under ${LANGUAGES.join(', ')}; got ${given.join(' and ') || 'none'}`,
    });
  }
});
export type AuthoredFix = z.output<typeof fixSchema>;
export const fixesSchema = z.record(id, fixSchema, {
  error: (issue) => `expected a map of fixes by id, got ${describe(issue.input)}`,
});

const VERDICTS = ['likely', 'possible', 'unlikely', 'refuted', 'cannot-assess'] as const;
const row = z.record(z.string(), scalar);
const outcomeFacts = z.union([number, row, z.literal(true), z.null()], {
  error: (issue) => `expected a value (14), a row ({pid: 4711}) or true, got ${describe(issue.input)}`,
});
const given = z.union(
  [
    oneOf(['present', 'absent', 'unknown']).transform((state) => ({ state }) as const),
    strict({
      present: outcomeFacts.optional(),
      absent: outcomeFacts.optional(),
      value: number.optional(),
      row: row.optional(),
      severity: oneOf(['warning', 'critical']).optional(),
      /** How long ago it began. */
      since: seconds.optional(),
    }).transform((value, context) => {
      const state =
        value.present !== undefined
          ? ('present' as const)
          : value.absent !== undefined
            ? ('absent' as const)
            : undefined;
      if (state === undefined || (value.present !== undefined && value.absent !== undefined)) {
        context.addIssue({
          code: 'custom',
          message: 'expected present, absent, unknown, {present: 14}, {present: {pid: 4711}} or {absent: 0}',
        });
        return z.NEVER;
      }
      const facts = value.present ?? value.absent;
      return {
        state,
        ...(typeof facts === 'number' ? { value: facts } : {}),
        ...(typeof facts === 'object' && facts !== null ? { row: facts } : {}),
        ...(value.value === undefined ? {} : { value: value.value }),
        ...(value.row === undefined ? {} : { row: value.row }),
        ...(value.severity === undefined ? {} : { severity: value.severity }),
        ...(value.since === undefined ? {} : { since: value.since }),
      };
    }),
  ],
  {
    error: (issue) =>
      `expected present, absent, unknown, {present: 14}, {present: {pid: 4711}} or {absent: 0}; got ${describe(issue.input)}`,
  }
);

export const runbookSchema = strict({
  id,
  title: text,
  summary: text,
  covers: list(text).default([]),
  area: text,
  service: text,
  severity: oneOf(['critical', 'warning', 'info']),
  alerts: list(text).default([]),
  symptoms: list(id).refine((value) => value.length > 0, 'a runbook has at least one symptom'),
  causes: z
    .record(id, causeSchema, { error: (issue) => `expected a map of causes by id, got ${describe(issue.input)}` })
    .refine((value) => Object.keys(value).length > 0, 'a runbook has at least one cause'),
  fixes: z
    .record(id, fixSchema, { error: (issue) => `expected a map of fixes by id, got ${describe(issue.input)}` })
    .default({}),
  prevention: z
    .array(
      strict({
        alert: text,
        signal: id,
        for: z.union([z.string(), z.number()]).transform(String).default('5m'),
        severity: oneOf(['critical', 'warning', 'info']).default('warning'),
        summary: text,
        description: text,
      })
    )
    .default([]),
  corrections: z.array(strict({ guide: text, instead: text, why: text })).default([]),
  escalate: text.default('Nobody is named: add who to call.'),
  tests: z
    .array(
      strict({
        name: text,
        given: z.record(id, given).default({}),
        rest: oneOf(['absent', 'unknown']).default('absent'),
        expect: strict({
          top: text,
          verdict: oneOf(VERDICTS).optional(),
          refuted: list(id).optional(),
          says: text.optional(),
        }),
      })
    )
    .default([]),
});
export type AuthoredRunbook = z.output<typeof runbookSchema>;
