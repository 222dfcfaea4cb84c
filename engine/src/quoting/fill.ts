/**
 * Filling a query or a command: every placeholder is quoted for the place in which it stands. The template is read
 * with a small scanner of its language (`quoting/`), so that `job={{job}}` gets quotes of its own and
 * `job="{{job}}"` only escapes. Places in which nothing can be quoted safely (raw strings, comments, here-documents)
 * refuse every value.
 */
import { literalOf } from './literal';
import { scannerOf } from './scannerOf';
import type { FillValue, Language, Slot } from './slot';
import { parseTemplate, placeholderName, type Placeholder } from '../wording/template';

export type { FillValue, Language };

export interface FillTemplate {
  readonly language: Language;
  readonly parts: ReadonlyArray<string | Slot>;
}

export interface Filled {
  readonly text: string;
  readonly missing: ReadonlyArray<{ readonly placeholder: string; readonly why: string }>;
}

/** Filters that mean something in a command; the others are for sentences. */
export const COMMAND_FILTERS: Readonly<Record<Language, readonly string[]>> = {
  sql: ['ident', 'role'],
  promql: ['regex', 'quarter', 'pods', 'podName', 'labels', 'andLabels'],
  logql: ['regex', 'quarter'],
  shell: [],
  redis: [],
  text: [],
};

/** Reads a template once; the result can be filled any number of times. */
export function compileFill(text: string, language: Language): FillTemplate {
  const scanner = scannerOf(language, text);
  const source = parseTemplate(text);
  const parts: Array<string | Slot> = [];
  for (const [index, part] of source.entries()) {
    if (typeof part === 'string') {
      scanner.read(part);
      parts.push(part);
    } else {
      const place = scanner.place();
      const quote = place === 'single' ? "'" : place === 'double' ? '"' : undefined;
      const before = source[index - 1];
      const after = source[index + 1];
      const whole =
        quote !== undefined &&
        typeof before === 'string' &&
        typeof after === 'string' &&
        before.endsWith(quote) &&
        scanner.justOpened() &&
        after.startsWith(quote) &&
        !after.startsWith(quote + quote);
      scanner.value();
      parts.push({ placeholder: part, place, whole });
    }
  }
  return { language, parts };
}

/** Placeholders of a template that stand where no value can be quoted; for lint. */
export function refusedPlaces(template: FillTemplate): Placeholder[] {
  return template.parts.flatMap((part) =>
    typeof part !== 'string' && part.place === 'refused' ? [part.placeholder] : []
  );
}

/**
 * Fills a template. A value that is missing, or that its place cannot hold, is listed in `missing` and shown as
 * `‹name›`; then the text must not be run.
 */
export function fill(template: FillTemplate, resolve: (placeholder: Placeholder) => FillValue | string): Filled {
  const missing: Array<{ placeholder: string; why: string }> = [];
  let text = '';
  let skipQuote = false;
  for (const [index, part] of template.parts.entries()) {
    if (typeof part === 'string') {
      let piece = skipQuote ? part.slice(1) : part;
      skipQuote = false;
      const next = template.parts[index + 1];
      if (
        next !== undefined &&
        typeof next !== 'string' &&
        next.whole &&
        template.language === 'sql' &&
        next.place === 'single'
      ) {
        piece = piece.slice(0, -1);
      }
      text += piece;
      continue;
    }
    const name = placeholderName(part.placeholder);
    const found = resolve(part.placeholder);
    let literal: string | undefined;
    let why = typeof found === 'string' ? found : '';
    if (typeof found !== 'string') {
      try {
        literal = literalOf(template.language, part, found);
      } catch (error) {
        if (!(error instanceof RangeError)) {
          throw error;
        }
        why = error.message;
      }
    }
    if (literal === undefined) {
      missing.push({ placeholder: name, why });
      text += `‹${name}›`;
    } else {
      text += literal;
    }
    skipQuote = part.whole && template.language === 'sql' && part.place === 'single';
  }
  return { text, missing };
}
