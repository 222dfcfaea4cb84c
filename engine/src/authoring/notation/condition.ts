import { z } from 'zod';

import type { Condition, RowCondition } from '../../model/pack';
import { describe, list, scalar, text } from './values';

const pattern = text.refine((value) => {
  try {
    new RegExp(value, 'iu');
    return true;
  } catch {
    return false;
  }
}, 'is no regular expression');

const forms = [
  scalar.transform((value): Condition => ({ is: value })),
  z
    .array(scalar)
    .min(1)
    .transform((values): Condition => ({ oneOf: values })),
  z.strictObject({ is: scalar }).transform((value): Condition => value),
  z.strictObject({ oneOf: z.array(scalar).min(1) }).transform((value): Condition => value),
  z.strictObject({ noneOf: z.array(scalar).min(1) }).transform((value): Condition => value),
  z.strictObject({ matches: pattern }).transform((value): Condition => value),
  z.strictObject({ above: z.number() }).transform((value): Condition => value),
  z.strictObject({ below: z.number() }).transform((value): Condition => value),
] as const;

/** A condition on a column, in a query. */
export const condition = z.union(forms, {
  error: (issue) =>
    `expected a value, a list of values, {noneOf: […]}, {matches: pattern}, {above: n} or {below: n}, got ${describe(issue.input)}`,
});

/** Conditions on the row of a piece of evidence, by column. */
export const rowConditions = z.record(
  z.string(),
  z.union(
    [
      ...forms,
      z
        .strictObject({ namedIn: list(text.regex(/^[a-z][a-z0-9-]*\.\w+$/, 'must be `signal.column`')) })
        .transform((value): RowCondition => value),
    ],
    {
      error: (issue) =>
        `expected a value, a list of values, {noneOf: […]}, {matches: pattern}, {above: n}, {below: n} or {namedIn: signal.column}, got ${describe(issue.input)}`,
    }
  )
);
