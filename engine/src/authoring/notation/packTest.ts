import { z } from 'zod';

import { describe, id, list, number, oneOf, scalar, seconds, strict, text } from './values';

export const VERDICTS = ['likely', 'possible', 'unlikely', 'refuted', 'cannot-assess'] as const;

const row = z.record(z.string(), scalar);

const outcomeFacts = z.union([number, row, z.literal(true), z.null()], {
  error: (issue) => `expected a value (14), a row ({pid: 4711}) or true, got ${describe(issue.input)}`,
});

/** A given outcome. */
export const given = z.union(
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

/** A test of a runbook: what is given, and what the diagnosis has to say then. */
export const packTest = strict({
  name: text,
  given: z.record(id, given).default({}),
  rest: oneOf(['absent', 'unknown']).default('absent'),
  expect: strict({
    top: text,
    verdict: oneOf(VERDICTS).optional(),
    refuted: list(id).optional(),
    explained: list(id).optional(),
    says: text.optional(),
  }),
});
