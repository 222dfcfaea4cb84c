import { compileFill, fill } from '../quoting/fill';
import type { BoundPack } from '../model/bound';
import { paramValue } from './plan';
import { parseTemplate } from '../wording/template';

/** A text with the parameters filled in; undefined when one has no value. */
export function bindText(bound: BoundPack, text: string): string | undefined {
  if (!text.includes('{{')) {
    return text;
  }
  if (parseTemplate(text).every((part) => typeof part === 'string')) {
    return text;
  }
  const filled = fill(compileFill(text, 'text'), (placeholder) => paramValue(bound, placeholder));
  return filled.missing.length === 0 ? filled.text : undefined;
}
