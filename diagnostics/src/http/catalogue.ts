import type { z } from 'zod';
import { allChecks } from '../checks';
import { type Facts, describeFact } from '../model/fact';
import type { catalogue as schema } from './answers';

/** Every check that this service knows, from the checks' own descriptions. */
export function catalogue(): z.infer<typeof schema> {
  return {
    checks: allChecks.map(({ id, title, kind, asks, value, fields, rows, options, below, mend, privilege }) => ({
      id,
      title,
      kind,
      asks,
      value,
      fields: described(fields),
      rows: Object.fromEntries(Object.entries(rows).map(([table, columns]) => [table, described(columns)])),
      thresholds: options.parse({}) as Record<string, string | number | boolean | unknown[]>,
      below: below ?? false,
      mend,
      privilege,
    })),
  };
}

const described = (facts: Facts) =>
  Object.fromEntries(Object.entries(facts).map(([name, schema]) => [name, describeFact(schema)]));
