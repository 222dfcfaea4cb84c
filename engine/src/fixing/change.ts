/** A command that changes a quantity: the present one beside the new one, and a refusal of what would make it worse. */
import type { FilledFix, FilledInput } from '../model/fix';
import type { Outcome } from '../model/outcome';
import type { Fix } from '../model/pack';
import { changeSource } from '../compiled/fixReads';
import { formatQuantity, quantity } from './quantity';

/** Undefined when the fix changes no quantity. `outcomeOf` and `titleOf` take a signal's id. */
export function judgeChange(
  fix: Fix,
  inputs: readonly FilledInput[],
  outcomeOf: (signal: string) => Outcome,
  titleOf: (signal: string) => string
): FilledFix['change'] {
  if (fix.changes === undefined) {
    return undefined;
  }
  const { from, to, must } = fix.changes;
  const input = inputs.find(({ name }) => name === to);
  if (input === undefined || input.kind === 'columns') {
    throw new Error(`The fix ${fix.id} changes a quantity to ${to}, which is no input with a quantity.`);
  }
  const { kind, title, value, problem } = input;
  const { signal, column } = changeSource(from);
  const now = presentValue(outcomeOf(signal), column);
  const target = problem === undefined ? quantity(value.trim(), kind) : undefined;
  const words = (amount: number | undefined) => (amount === undefined ? 'unknown' : formatQuantity(amount, kind));
  const says = `${title}: ${words(now)} → ${target === undefined ? '?' : words(target)}`;
  if (now === undefined) {
    const { detail } = outcomeOf(signal);
    return {
      says,
      refused: `The present value is not known: "${titleOf(signal)}" could not be checked${detail === undefined ? '' : ` (${detail})`}`,
    };
  }
  if (target === undefined) {
    return { says };
  }
  if (must === 'rise' ? target <= now : target >= now) {
    const wanted = must === 'rise' ? 'more' : 'less';
    return { says, refused: `${words(target)} is not ${wanted} than the present ${words(now)}; choose ${wanted}` };
  }
  return { says };
}

function presentValue(outcome: Outcome, column: string | undefined): number | undefined {
  if (outcome.state === 'unknown') {
    return undefined;
  }
  const fact = column === undefined ? outcome.value : outcome.rows[0]?.[column];
  const value = typeof fact === 'string' && fact.trim() !== '' ? Number(fact) : fact;
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}
