import type { z } from 'zod';
import { allChecks } from '../checks';
import type { catalogue as schema } from './answers';

/** Every check that this service knows, from the checks' own descriptions. */
export function catalogue(): z.infer<typeof schema> {
  return {
    checks: allChecks.map(({ id, title, kind, asks, unit, fields, rows, options, below, mend, privilege }) => ({
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
