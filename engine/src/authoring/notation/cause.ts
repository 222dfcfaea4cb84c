import { z } from 'zod';

import { EFFECTS } from '../../model/effect';
import { nearest } from '../problem';
import { rowConditions } from './condition';
import { describe, id, list, number, oneOf, seconds, strict, text, texts } from './values';

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

const evidence = strict({
  signal: id,
  present: band.optional(),
  absent: band.optional(),
  group: id.optional(),
  says: text.optional(),
  where: rowConditions.optional(),
  proves: rowConditions.optional(),
  lasting: seconds.optional(),
}).refine(
  (value) => (value.present?.band ?? 'none') !== 'none' || (value.absent?.band ?? 'none') !== 'none',
  'evidence that says nothing: give `present` or `absent` a band'
);

export type AuthoredEvidence = z.output<typeof evidence>;

const evidenceList = z
  .array(evidence, { error: (issue) => `expected a list of evidence, got ${describe(issue.input)}` })
  .optional();

const causeShape = {
  title: text.optional(),
  says: text.optional(),
  prior: oneOf(['common', 'usual', 'rare']).optional(),
  witnesses: number.int().min(1).max(4).optional(),
  evidence: evidenceList,
  effects: list(oneOf(EFFECTS)).optional(),
  presses: list(strict({ kind: id, effect: oneOf(EFFECTS) })).optional(),
  explains: list(text).optional(),
  lookAlikes: list(strict({ cause: text, differs: text })).optional(),
  dont: texts.optional(),
  fixes: list(id).optional(),
};

/** Whether the packs that share a cause have one together (the one Postgres is down) or each its own (a bad deploy). */
const scope = oneOf(['pack', 'estate']).optional();

export const causeSchema = strict({ use: text.optional(), at: id.optional(), scope, ...causeShape, also: evidenceList })
  .refine(
    (value) => value.scope === undefined || value.use !== undefined,
    'scope is of a shared cause; this one belongs to its runbook'
  )
  .refine(
    (value) => value.also === undefined || (value.use !== undefined && value.evidence === undefined),
    '`also` adds evidence to that of the shared cause in `use`; write all of it under `evidence` otherwise'
  );

export type AuthoredCause = z.output<typeof causeSchema>;

export const causesSchema = z.record(id, strict({ scope, ...causeShape }), {
  error: (issue) => `expected a map of causes by id, got ${describe(issue.input)}`,
});
