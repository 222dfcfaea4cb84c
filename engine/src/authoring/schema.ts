/**
 * The one definition of the YAML that authors write. Short forms (`present: -strong`, `within: 60s`,
 * `where: {state: idle in transaction}`) become the full ones of `model/pack.ts` here; names that refer to other
 * things (signals, causes, fixes) are resolved in `loading/`, where all files are known.
 */
import { z } from 'zod';

import { EFFECTS } from '../model/effect';
import { causeSchema } from './notation/cause';
import { fixSchema } from './notation/fix';
import { packTest } from './notation/packTest';
import { estateTest } from './notation/estateTest';
import { describe, id, list, oneOf, strict, text } from './notation/values';

export { causesSchema, type AuthoredCause, type AuthoredEvidence } from './notation/cause';
export { fixesSchema, LANGUAGES, type AuthoredFix } from './notation/fix';
export { signalsSchema, type AuthoredSignal } from './notation/signal';

const param = strict({
  title: text,
  kind: oneOf(['value', 'metric', 'duration', 'selector', 'number']).default('value'),
  label: text.optional(),
  default: z.union([z.string(), z.number()]).transform(String).optional(),
  pattern: text.optional(),
  thing: text.optional(),
  required: z.boolean().optional(),
});

const label = text.regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'a label is named like `job`');
const value = z.union([z.string(), z.number()]).transform(String);

const component = strict({
  title: text,
  kinds: list(
    z.union([id.transform((kind) => ({ kind })), strict({ kind: id, dialect: id.optional() })], {
      error: (issue) => `expected a kind, or {kind, dialect}, got ${describe(issue.input)}`,
    })
  ).default([]),
  is: z.record(label, value).optional(),
  with: z.record(id, z.record(label, value)).optional(),
  dependsOn: z
    .array(
      z.union([
        id.transform((to) => ({ to })),
        strict({
          to: id,
          carries: list(oneOf(EFFECTS)).optional(),
          as: id.optional(),
          with: z.record(label, value).optional(),
        }),
      ])
    )
    .default([]),
  drainedBy: list(id).default([]),
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
  components: z.record(id, component).default({}),
  /** Alerts that rule files of the team define, and no runbook of these packs. */
  otherAlerts: list(text).default([]),
});

export type AuthoredPack = z.output<typeof packSchema>;

/** How components are told apart in the answers of Prometheus. */
const identityLabels = {
  labels: list(label),
  optional: list(label).default([]),
  params: z.record(label, label).default({}),
};

export const kindSchema = packSchema.omit({ uses: true, components: true, otherAlerts: true }).extend({
  identity: strict({ scope: text, ...identityLabels }),
  dialects: z
    .record(
      id,
      strict({
        title: text,
        discover: text,
        name: text,
        identity: strict(identityLabels).optional(),
        set: z.record(z.string(), value).default({}),
      })
    )
    .default({}),
  target: strict({ kind: id, param: label }).optional(),
  roles: z
    .record(id, strict({ kind: id, params: z.record(label, oneOf(['client', 'arrow'])).default({}) }))
    .default({}),
});

export type AuthoredKind = z.output<typeof kindSchema>;

export const runbookSchema = strict({
  id,
  title: text,
  summary: text,
  covers: list(text).default([]),
  area: text,
  service: text,
  of: id.optional(),
  extends: text.regex(/^[a-z0-9-]+\/[a-z0-9-]+$/, 'must be `kind/runbook`, like `http-service/errors`').optional(),
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
  tests: z.array(packTest).default([]),
});

export type AuthoredRunbook = z.output<typeof runbookSchema>;

/** Situations of a whole estate. */
export const estateTestsSchema = z.array(estateTest);

export type AuthoredEstateTest = z.output<typeof estateTest>;
