/** The shapes of the answers: OpenAPI is made of them, and the tests hold every answer against them. */
import { UNKNOWN_REASONS } from '@live-runbooks/engine';
import { FACT_TYPES } from '@live-runbooks/engine/authoring';
import { z } from 'zod';
import { type CheckDescription, STATES, TARGET_KINDS } from '../model/check';
import type { FactSchema, Facts } from '../model/fact';
import { LOSS_KINDS, STORES } from '../store/losses';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const row = z.record(z.string(), scalar);
const kind = z.enum(TARGET_KINDS);
const state = z.enum(STATES);
const moment = z.number().describe('milliseconds since the epoch');

export const checkResult = z
  .strictObject({
    id: z.string(),
    title: z.string(),
    state,
    reason: z.enum(UNKNOWN_REASONS).optional().describe('only with state unknown'),
    summary: z.string().describe('one sentence with the live facts'),
    value: z.number().nullable().describe('what the thresholds judge; null when there is none or it is not known'),
    unit: z.string().describe('Grafana unit id of the value'),
    threshold: z.strictObject({ warning: z.number().optional(), critical: z.number().optional() }).nullable(),
    fields: row.describe('named single facts; null when not known, never zero'),
    rows: z.record(z.string(), z.array(row)).describe('named tables of facts'),
    since: moment
      .nullable()
      .describe(
        'when it became ok, troubled (warning or critical) or unknown, as far as the service has seen; a short unknown interrupts neither; ms since the epoch'
      ),
    askedAt: moment,
    tookMs: z.number(),
    mend: z.string().optional().describe('what to do about an unknown or a finding'),
  })
  .meta({ id: 'CheckResult' });

/** The result of one check: with the fields and the columns that the check declares, and no other. */
export function resultOf({ id, title, value, fields, rows, configured }: CheckDescription) {
  const open = (facts: Facts, more: FactSchema | undefined) =>
    more === undefined ? z.strictObject(facts) : z.strictObject(facts).catchall(more);
  const tables = Object.entries(rows).map(
    ([table, columns]) => [table, z.array(open(columns, configured?.rows?.[table]))] as const
  );
  return z
    .intersection(
      checkResult,
      z.looseObject({
        id: z.literal(id),
        unit: z.literal(value.unit),
        value: z.number().nullable().describe(value.meaning),
        fields: open(fields, configured?.fields),
        rows: z.strictObject(Object.fromEntries(tables)),
      })
    )
    .describe(title);
}

const starved = z
  .strictObject({
    lagMs: z.number().describe('the longest that the event loop was late within the window, ms'),
    cpuShare: z
      .number()
      .nullable()
      .describe('CPU time that the service got, of what it wanted, 0–1; null where the system does not tell'),
    windowSeconds: z.number().describe('seconds that the measure covers'),
  })
  .nullable()
  .describe(
    'how little of the CPU the service gets; null: enough. While it is set, silence and slowness that only the service saw are unknown, with reason timeout'
  );

export const round = z
  .strictObject({
    target: z.string(),
    kind,
    title: z.string(),
    state,
    class: z.string().describe('class of the availability check: ok, or what happens to a client that connects now'),
    startedAt: moment,
    tookMs: z.number(),
    starved,
    checks: z.array(checkResult),
  })
  .meta({ id: 'Round' });

export const rounds = z.strictObject({ rounds: z.array(round) }).meta({ id: 'Rounds' });

export const targets = z
  .strictObject({ targets: z.array(z.strictObject({ id: z.string(), kind, title: z.string() })) })
  .meta({ id: 'Targets' });

const facts = z.record(
  z.string(),
  z.strictObject({
    meaning: z.string(),
    type: z.enum(FACT_TYPES).optional().describe('left out: what the configuration asks for decides'),
    unit: z.string().optional().describe('Grafana unit id of a number'),
    words: z.array(z.string()).readonly().optional().describe('of a word, the only ones that it can be'),
    serving: z.array(z.string()).readonly().optional().describe('of its words, those for a server that serves'),
  })
);

export const catalogue = z
  .strictObject({
    checks: z.array(
      z.strictObject({
        id: z.string(),
        title: z.string(),
        kind,
        asks: z.string().describe('views, functions and commands that it asks'),
        value: z
          .strictObject({
            field: z.string().optional().describe('the field that says the same'),
            meaning: z.string(),
            unit: z.string().describe('Grafana unit id'),
          })
          .describe('what the thresholds judge'),
        fields: facts,
        rows: z.record(z.string(), facts),
        thresholds: z
          .record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.array(z.unknown())]))
          .describe('what the configuration may set under `checks`, with the defaults'),
        below: z.boolean().describe('a value at or below the threshold is the finding'),
        mend: z.string(),
        privilege: z.string().describe('least privilege'),
      })
    ),
  })
  .meta({ id: 'Catalogue' });

const store = z.enum(['ok', 'failing']);
export const health = z
  .strictObject({
    status: z.literal('ok'),
    version: z.string(),
    starved,
    stores: z
      .strictObject({ recorder: store, evidence: store, incidents: store, estate: store })
      .optional()
      .describe('what is kept, when something is; the service answers all the same while a store fails'),
    losses: z
      .array(z.strictObject({ store: z.enum(STORES), what: z.enum(LOSS_KINDS), count: z.number(), at: moment }))
      .optional()
      .describe('what was kept and is lost since the start, with the time of the last one'),
  })
  .meta({ id: 'Health' });

export const failure = z
  .strictObject({ error: z.strictObject({ code: z.string(), message: z.string(), mend: z.string() }) })
  .meta({ id: 'Error' });
