/**
 * Query texts hold personal data and secrets. Before one leaves the service its literals become `?`, its comments go,
 * and lists of literals become one. Names and `$1` stay.
 *
 * When the text cannot be read with certainty (cut off by `track_activity_query_size`, or a backslash before a quote,
 * whose meaning depends on a setting), everything from there on is dropped: too little is better than a secret.
 */
const MAX_LENGTH = 600;
const IDENTIFIER_START = /[A-Za-z_\u0080-\uffff]/;
const IDENTIFIER_PART = /[A-Za-z0-9_$\u0080-\uffff]/;

/** The text without literals and comments, on one line, at most 600 characters. */
export function redactSql(text: string): string {
  let out = '';
  let at = 0;
  const cut = (): string => tidy(`${out}?…`);

  while (at < text.length) {
    const char = text[at] ?? '';
    const next = text[at + 1] ?? '';

    if (char === '-' && next === '-') {
      const end = text.indexOf('\n', at);
      at = end === -1 ? text.length : end;
      out += ' ';
    } else if (char === '/' && next === '*') {
      const end = endOfComment(text, at);
      if (end === -1) {
        return tidy(out);
      }
      at = end;
      out += ' ';
    } else if (char === "'") {
      const escapes = /(^|[^A-Za-z0-9_$])[eE]$/.test(out);
      const end = endOfString(text, at, escapes);
      if (end === -1) {
        return cut();
      }
      out = out.replace(/(^|[^A-Za-z0-9_$])(?:[eEbBxXnN]|[uU]&)$/, '$1');
      out += '?';
      at = end;
    } else if (char === '"') {
      const end = endOfQuotedName(text, at);
      if (end === -1) {
        return cut();
      }
      out += text.slice(at, end);
      at = end;
    } else if (char === '$') {
      const parameter = /^\$\d+/.exec(text.slice(at, at + 12));
      const tag = /^\$(?:[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?\$/.exec(text.slice(at, at + 80));
      if (parameter) {
        out += parameter[0];
        at += parameter[0].length;
      } else if (tag) {
        const end = text.indexOf(tag[0], at + tag[0].length);
        if (end === -1) {
          return cut();
        }
        out += '?';
        at = end + tag[0].length;
      } else {
        return cut();
      }
    } else if (IDENTIFIER_START.test(char)) {
      let end = at + 1;
      while (end < text.length && IDENTIFIER_PART.test(text[end] ?? '')) {
        end += 1;
      }
      out += text.slice(at, end);
      at = end;
    } else if (/[0-9]/.test(char) || (char === '.' && /[0-9]/.test(next))) {
      let end = at + 1;
      while (
        end < text.length &&
        (/[0-9A-Za-z_.]/.test(text[end] ?? '') || (/[+-]/.test(text[end] ?? '') && /[eE]/.test(text[end - 1] ?? '')))
      ) {
        end += 1;
      }
      out += '?';
      at = end;
    } else {
      out += char;
      at += 1;
    }
  }
  return tidy(out);
}

/** After the closing quote, or -1: not closed, or not certain where it closes. */
function endOfString(text: string, start: number, escapes: boolean): number {
  let at = start + 1;
  while (at < text.length) {
    const char = text[at];
    if (char === '\\') {
      if (escapes) {
        at += 2;
        continue;
      }
      // With standard_conforming_strings off this quote would not close the string.
      if (text[at + 1] === "'") {
        return -1;
      }
    } else if (char === "'") {
      if (text[at + 1] !== "'") {
        return at + 1;
      }
      at += 1;
    }
    at += 1;
  }
  return -1;
}

function endOfQuotedName(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length) {
    if (text[at] === '"') {
      if (text[at + 1] !== '"') {
        return at + 1;
      }
      at += 1;
    }
    at += 1;
  }
  return -1;
}

/** Comments of SQL nest. */
function endOfComment(text: string, start: number): number {
  let depth = 1;
  let at = start + 2;
  while (at < text.length) {
    if (text[at] === '/' && text[at + 1] === '*') {
      depth += 1;
      at += 2;
    } else if (text[at] === '*' && text[at + 1] === '/') {
      depth -= 1;
      at += 2;
      if (depth === 0) {
        return at;
      }
    } else {
      at += 1;
    }
  }
  return -1;
}

function tidy(text: string): string {
  const line = text
    .replace(/\s+/g, ' ')
    .replace(/\?(?:\s*,\s*\?)+/g, '?, …')
    .replace(/(\(\?, …\))(?:\s*,\s*\(\?, …\))+/g, '$1, …')
    .trim();
  return line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH)}…` : line;
}
