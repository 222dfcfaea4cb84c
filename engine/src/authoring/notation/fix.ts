import { z } from 'zod';

import { describe, id, list, oneOf, seconds, strict, text } from './values';

export const LANGUAGES = ['sql', 'shell', 'promql', 'logql', 'redis', 'text'] as const;

/** Nobody pastes and runs a command faster. */
const SOONEST_SECONDS = 2;
/** What lasts this long is no accident of one look. */
const HOLD_SECONDS = 30;

const input = strict({
  title: text,
  kind: oneOf(['integer', 'kubernetes-memory', 'kubernetes-cpu', 'redis-memory', 'columns']),
  hint: text.optional(),
  default: z.union([z.string(), z.number()]).transform(String).optional(),
});

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
  note: text.optional(),
  on: strict({ host: text, port: text, database: text, role: text }).optional(),
  inputs: z
    .record(
      text.regex(/^[a-z_][a-z0-9_]*$/, 'an input is named in lower case with underscores, like `replicas`'),
      input
    )
    .default({}),
  changes: strict({
    from: text.regex(
      /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*(?:\.[A-Za-z]\w*)?$/,
      'the present value is a signal or a column of it, like `redis-memory-full.max`'
    ),
    to: text,
    must: oneOf(['rise', 'fall']),
  }).optional(),
  when: list(id).default([]),
  unless: list(id).default([]),
  reach: text,
  rollback: text.optional(),
  confirm: text.optional(),
  soonest: seconds.default(SOONEST_SECONDS),
  takes: seconds.default(0),
  verify: strict({
    signal: id,
    becomes: oneOf(['present', 'absent']),
    within: seconds,
    hold: seconds.default(HOLD_SECONDS),
    says: text,
    underway: id.optional(),
  }).optional(),
  unverified: text.optional(),
};

export const fixSchema = strict(fixBody).superRefine((value, context) => {
  const fail = (message: string, path: string[] = []) => context.addIssue({ code: 'custom', message, path });
  const given = LANGUAGES.filter((key) => value[key] !== undefined);
  if (given.length !== 1) {
    fail(`a fix has exactly one command, under ${LANGUAGES.join(', ')}; got ${given.join(' and ') || 'none'}`);
  }
  const { changes, inputs, verify, unverified } = value;
  const target = changes && Object.hasOwn(inputs, changes.to) ? inputs[changes.to] : undefined;
  if (changes && (target === undefined || target.kind === 'columns')) {
    fail(`\`${changes.to}\` is no input with a quantity: declare it under inputs`, ['changes', 'to']);
  }
  if (verify && unverified !== undefined) {
    fail('a fix has verify, or unverified with the reason why it has none');
  }
});

export type AuthoredFix = z.output<typeof fixSchema>;

export const fixesSchema = z.record(id, fixSchema, {
  error: (issue) => `expected a map of fixes by id, got ${describe(issue.input)}`,
});
