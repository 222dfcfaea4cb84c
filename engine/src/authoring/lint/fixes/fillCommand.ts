import type { Fix } from '../../../model/pack';
import { compileFill, fill, type Filled } from '../../../quoting/fill';
import type { FillValue } from '../../../quoting/slot';
import type { Placeholder } from '../../../wording/template';
import { columnsOf } from '../columns';
import type { Linted } from '../rules/rule';
import { sampleOf, sampleOfFact, sampleOfInput } from '../sample';

/** The command of a fix with sample values of their kind in its placeholders. */
export function fillCommand(fix: Fix, linted: Linted): Filled {
  return fill(compileFill(fix.command, fix.language), (placeholder) => sampleFor(placeholder, fix, linted));
}

/** A value of the kind that the placeholder will have. */
function sampleFor({ name, column }: Placeholder, fix: Fix, linted: Linted): FillValue | string {
  const { params, signals } = linted.loaded.pack;
  const input = fix.inputs[name];
  if (input !== undefined) {
    return sampleOfInput(input);
  }
  const signal = signals[name];
  if (signal === undefined) {
    return sampleOf(params, name);
  }
  return sampleOfFact(column === undefined ? { type: 'number' } : columnsOf(signal, linted)?.[column]);
}
