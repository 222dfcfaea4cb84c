/** Placeholders: `{{param}}`, `{{signal}}`, `{{signal.column}}`, with filters: `{{signal.seconds | duration}}`. */

export interface Filter {
  readonly name: string;
  readonly argument?: string;
}

export interface Placeholder {
  /** As the author wrote it, braces included. */
  readonly text: string;
  /** A parameter or a signal. */
  readonly name: string;
  readonly column?: string;
  readonly filters: readonly Filter[];
}

export type Part = string | Placeholder;

const PLACEHOLDER =
  /\{\{\s*([A-Za-z_][\w-]*)(?:\.([A-Za-z_][\w-]*))?((?:\s*\|\s*[A-Za-z]+(?:\(\s*[\w-]+(?:[ /][\w-]+)*\s*\))?)*)\s*\}\}/g;
const FILTER = /\|\s*([A-Za-z]+)(?:\(\s*([\w-]+(?:[ /][\w-]+)*)\s*\))?/g;

/** By text: the components of a kind share the texts of its pack. Only texts of packs are templates, so there is an end to them. */
const parsed = new Map<string, readonly Part[]>();

/** Texts and placeholders in the order in which they stand. What is no placeholder (`{{.line}}`) stays text. */
export function parseTemplate(text: string): readonly Part[] {
  let parts = parsed.get(text);
  if (parts === undefined) {
    parts = parse(text);
    parsed.set(text, parts);
  }
  return parts;
}

function parse(text: string): Part[] {
  const parts: Part[] = [];
  let end = 0;
  for (const match of text.matchAll(PLACEHOLDER)) {
    const [whole, name = '', column, filters = ''] = match;
    if (match.index > end) {
      parts.push(text.slice(end, match.index));
    }
    parts.push({
      text: whole,
      name,
      ...(column === undefined ? {} : { column }),
      filters: [...filters.matchAll(FILTER)].map(([, filter = '', argument]) => ({
        name: filter,
        ...(argument === undefined ? {} : { argument }),
      })),
    });
    end = match.index + whole.length;
  }
  if (end < text.length) {
    parts.push(text.slice(end));
  }
  return parts;
}

/** `signal.column` without braces and filters: how a placeholder is called in messages. */
export function placeholderName(placeholder: Placeholder): string {
  return placeholder.column === undefined ? placeholder.name : `${placeholder.name}.${placeholder.column}`;
}
