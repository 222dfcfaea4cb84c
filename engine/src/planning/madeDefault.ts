/** A selector may have a default that is made of other parameters: `namespace="{{namespace}}",deployment="{{api_deployment}}"`. */
import type { Param } from '../model/pack';
import { compileFill, fill, type Filled } from '../quoting/fill';
import type { FillValue } from '../quoting/slot';
import { parseTemplate, type Placeholder } from '../wording/template';

/** The placeholders in the default of a parameter; only a selector has any. */
export function placeholdersOfDefault({ kind, default: text }: Param): Placeholder[] {
  return kind !== 'selector' || text === undefined
    ? []
    : parseTemplate(text).filter((part): part is Placeholder => typeof part !== 'string');
}

/** The default with the values of those parameters, each quoted for the place in which it stands. */
export function madeDefault(
  { default: text = '' }: Param,
  resolve: (placeholder: Placeholder) => FillValue | string
): Filled {
  return fill(compileFill(text, 'promql'), resolve);
}
