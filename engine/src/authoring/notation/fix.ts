import { z } from 'zod';

import { describe, id, list, oneOf, seconds, strict, text } from './values';

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
