/**
 * The vocabulary in which a check declares what it answers. A fact is a zod schema with its meaning and its unit, so the
 * type of a finding, the catalogue that packs are linted against, the documents and OpenAPI come from one declaration.
 * Every fact may be null: it is not known, and that is never zero.
 */
import type { Fact as CatalogueFact } from '@live-runbooks/engine/authoring';
import { z } from 'zod';

type Plain =
  z.ZodNumber | z.ZodBoolean | z.ZodString | z.ZodEnum | z.ZodUnion<readonly [z.ZodString, z.ZodNumber, z.ZodBoolean]>;

/** The schema of one field, or of one column. */
export type FactSchema<T extends Plain = Plain> = z.ZodNullable<T>;

/** Facts by the name of the field or of the column. */
export type Facts = Readonly<Record<string, FactSchema>>;

/** What a check answers for these facts. */
export type ValuesOf<F extends Facts> = { readonly [Name in keyof F]: z.output<F[Name]> };

const measured = (unit: string) => (meaning: string) => z.number().nullable().meta({ description: meaning, unit });

/** Each takes the meaning, in words; `unit` is a Grafana unit id. */
export const fact = {
  /** How many; a number of things has no other unit. */
  count: measured('short'),
  /** A share, 0–1. */
  ratio: measured('percentunit'),
  seconds: measured('s'),
  ms: measured('ms'),
  days: measured('d'),
  bytes: measured('bytes'),
  bytesPerSecond: measured('Bps'),
  perSecond: measured('cps'),
  perMinute: measured('cpm'),
  /** A number that measures nothing (an id), or in a unit that Grafana does not have: the meaning says it. */
  number: (meaning: string) => z.number().nullable().meta({ description: meaning }),
  flag: (meaning: string) => z.boolean().nullable().meta({ description: meaning }),
  text: (meaning: string) => z.string().nullable().meta({ description: meaning }),
  /** A text in the form of ISO 8601. */
  time: (meaning: string) => z.string().nullable().meta({ description: meaning, format: 'date-time' }),
  /** One of these words and no other; `serving` are those for a server that serves, whose field `up` is true. */
  word: <const Words extends readonly [string, ...string[]]>(
    words: Words,
    meaning: string,
    serving?: ReadonlySet<Words[number]>
  ) =>
    z
      .enum(words)
      .nullable()
      .meta({ description: meaning, ...(serving === undefined ? {} : { serving: [...serving] }) }),
  /** What the configuration asks for decides what it is. */
  any: (meaning: string) => z.union([z.string(), z.number(), z.boolean()]).nullable().meta({ description: meaning }),
};

/** What a fact is, in words and for lint. */
export interface DescribedFact extends CatalogueFact {
  readonly meaning: string;
}

/** The declaration read back. */
export function describeFact(schema: FactSchema): DescribedFact {
  const { description = '', unit, serving } = schema.meta() ?? {};
  const plain = schema.unwrap();
  const base = { meaning: description };
  if (plain instanceof z.ZodEnum) {
    const words = plain.options.map(String);
    return { ...base, type: 'word', words, ...(Array.isArray(serving) ? { serving: serving.map(String) } : {}) };
  }
  if (plain instanceof z.ZodNumber) {
    return { ...base, type: 'number', ...(typeof unit === 'string' ? { unit } : {}) };
  }
  return plain instanceof z.ZodUnion ? base : { ...base, type: plain instanceof z.ZodBoolean ? 'boolean' : 'text' };
}
