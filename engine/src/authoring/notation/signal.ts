import { z } from 'zod';

import { problemOf } from '../../judging/arithmetic';
import { EFFECTS } from '../../model/effect';
import { UNKNOWN_REASONS } from '../../model/outcome';
import type { Test } from '../../model/pack';
import { condition } from './condition';
import { describe, id, list, number, oneOf, scalar, seconds, strict, text } from './values';

const test = strict({
  above: number.optional(),
  below: number.optional(),
  is: scalar.optional(),
  isNot: scalar.optional(),
  oneOf: z.array(scalar).min(1).optional(),
  critical: number.optional(),
}).transform((value, context): Test => {
  const given = (['above', 'below', 'is', 'isNot', 'oneOf'] as const).filter((key) => value[key] !== undefined);
  const fail = (message: string) => {
    context.addIssue({ code: 'custom', message });
    return z.NEVER;
  };
  if (given.length !== 1) {
    return fail(`a test has exactly one of above, below, is, isNot, oneOf; got ${given.join(' and ') || 'none'}`);
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
  if (value.oneOf !== undefined) {
    return { oneOf: value.oneOf };
  }
  return value.is !== undefined ? { is: value.is } : { isNot: value.isNot ?? null };
});

const QUERY_KEYS = ['prometheus', 'loki', 'diagnostics', 'alert', 'combine', 'manual'] as const;

const name = text.regex(/^[a-z][a-z0-9_]*$/, 'a name in an expression is like `in_use`');

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
  combine: text.optional(),
  of: z.record(name, id).optional(),
  floor: z.record(name, number).optional(),
  manual: text.optional(),
  test: test.optional(),
  unit: text.default('short'),
  empty: oneOf(['present', 'absent', 'unknown']).optional(),
  maxAge: seconds.default(300),
  requires: list(id).default([]),
  viewOf: id.optional(),
  recent: id.optional(),
  change: z
    .union(
      [
        z.literal(true).transform(() => ({})),
        strict({ onset: id.optional(), contrast: id.optional(), says: text.optional() }),
      ],
      {
        error: (issue) =>
          `expected true, or {onset: signal, contrast: signal, says: text}, got ${describe(issue.input)}`,
      }
    )
    .optional(),
  trouble: z.boolean().optional(),
  effect: oneOf(EFFECTS).optional(),
  own: z.literal(true).optional(),
  at: id.optional(),
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
  if ((value.of !== undefined || value.floor !== undefined) && value.combine === undefined) {
    context.addIssue({ code: 'custom', message: '`of` and `floor` go with `combine`' });
  }
  const wrong = value.combine === undefined ? undefined : problemOf(value.combine, Object.keys(value.of ?? {}));
  if (wrong !== undefined) {
    context.addIssue({ code: 'custom', path: ['combine'], message: wrong });
  }
  for (const part of Object.keys(value.floor ?? {})) {
    if (!Object.hasOwn(value.of ?? {}, part)) {
      context.addIssue({ code: 'custom', path: ['floor', part], message: `\`of\` has no \`${part}\`` });
    }
  }
  if (
    value.test === undefined &&
    (value.prometheus ?? value.loki ?? value.combine ?? value.diagnostics?.field) !== undefined
  ) {
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
