/**
 * Conditions on the rows of evidence, with the signals that they name as places. (Whether a row meets them is judged in
 * `judging/rows.ts`.)
 */
import type { Evidence, RowCondition } from '../model/pack';

/** A condition with the places of the signals that it names. */
export interface CompiledCondition {
  readonly column: string;
  readonly condition: RowCondition;
  /** Of `namedIn`: in which column of which slot. */
  readonly named: ReadonlyArray<{ readonly slot: number; readonly column: string }>;
}

/** Signals that the conditions of a piece of evidence name, besides its own. */
export function namedSignals({ where, proves }: Pick<Evidence, 'where' | 'proves'>): string[] {
  return [...Object.values(where ?? {}), ...Object.values(proves ?? {})].flatMap((condition) =>
    'namedIn' in condition ? condition.namedIn.map((named) => named.slice(0, named.indexOf('.'))) : []
  );
}

/** Conditions by column, their names turned into places. */
export function compileConditions(
  conditions: Readonly<Record<string, RowCondition>> | undefined,
  slotOf: (signal: string) => number
): readonly CompiledCondition[] | undefined {
  return conditions === undefined
    ? undefined
    : Object.entries(conditions).map(([column, condition]) => ({
        column,
        condition,
        named:
          'namedIn' in condition
            ? condition.namedIn.map((named) => ({
                slot: slotOf(named.slice(0, named.indexOf('.'))),
                column: named.slice(named.indexOf('.') + 1),
              }))
            : [],
      }));
}
