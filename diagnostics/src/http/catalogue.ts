import type { z } from 'zod';
import type { Check, CheckDescription } from '../model/check';
import { postgresChecks } from '../postgres/checks';
import { redisChecks } from '../redis/checks';
import type { catalogue as schema } from './answers';

type Described = CheckDescription & Pick<Check<never>, 'options'>;

/** Every check that this service knows, from the checks' own descriptions. */
export function catalogue(): z.infer<typeof schema> {
  const all: readonly Described[] = [...postgresChecks, ...redisChecks];
  return {
    checks: all.map(({ id, title, kind, asks, unit, fields, rows, options, below, mend, privilege }) => ({
      id,
      title,
      kind,
      asks,
      unit,
      fields: { ...fields },
      rows: Object.fromEntries(Object.entries(rows).map(([table, columns]) => [table, { ...columns }])),
      thresholds: options.parse({}) as Record<string, string | number | boolean | unknown[]>,
      below: below ?? false,
      mend,
      privilege,
    })),
  };
}
