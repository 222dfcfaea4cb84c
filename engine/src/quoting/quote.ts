/**
 * Values from labels, rows and URLs are written by strangers. Here they become literals of the language that they
 * stand in; a value can never leave its quotes. What a language cannot hold is refused with a RangeError, never
 * changed silently: a command for another value than the one on the screen would be worse than none.
 */

import { hasHidden, replaceHidden, unicodeEscape } from '../wording/hidden';

const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/g;

/** The inside of a Go-like string (PromQL, LogQL) that is delimited by `delimiter`. */
export function escapeGoString(value: string, delimiter: '"' | "'"): string {
  let out = '';
  for (const char of value.replace(LONE_SURROGATE, '\uFFFD')) {
    const code = char.codePointAt(0) ?? 0;
    if (char === '\\' || char === delimiter) {
      out += `\\${char}`;
    } else if (char === '\n') {
      out += '\\n';
    } else if (char === '\r') {
      out += '\\r';
    } else if (char === '\t') {
      out += '\\t';
    } else if (hasHidden(char)) {
      out += unicodeEscape(code);
    } else {
      out += char;
    }
  }
  return out;
}

/** A PromQL string literal. */
export function promql(value: string): string {
  return `"${escapeGoString(value, '"')}"`;
}

/** A LogQL string literal. */
export function logql(value: string): string {
  return promql(value);
}

/**
 * A PostgreSQL string literal. With a backslash or a hidden character in it, it is an `E''` literal: it means the same
 * whatever `standard_conforming_strings` says, and holds nothing that a terminal would act on. Throws RangeError on NUL,
 * which PostgreSQL's text cannot hold.
 */
export function sql(value: string): string {
  refuseNul(value, 'SQL');
  const text = value.replace(LONE_SURROGATE, '\uFFFD').replaceAll("'", "''");
  return text.includes('\\') || hasHidden(text) ? `E'${escapeSql(text)}'` : `'${text}'`;
}

/** The inside of an `E''` literal; quotes are doubled elsewhere. */
export function escapeSql(text: string): string {
  return replaceHidden(text.replaceAll('\\', '\\\\'), (_, code) => unicodeEscape(code));
}

/**
 * A PostgreSQL name, quoted part by part: `public.orders` → `"public"."orders"`. A part that is quoted already is read
 * as such. Throws RangeError on hidden characters and on what is no name.
 */
export function sqlIdentifier(value: string): string {
  refuseHidden(value, 'an SQL name');
  const parts: string[] = [];
  const scan = /(?:"((?:[^"]|"")+)"|([^".]+))(\.|$)/y;
  let end = 0;
  while (end < value.length) {
    scan.lastIndex = end;
    const match = scan.exec(value);
    if (!match) {
      throw new RangeError('this is no name of a table or index');
    }
    parts.push(match[1] === undefined ? (match[2] ?? '') : match[1].replaceAll('""', '"'));
    end = scan.lastIndex;
    if (match[3] === '.' && end === value.length) {
      throw new RangeError('this is no name of a table or index');
    }
  }
  if (parts.length === 0) {
    throw new RangeError('an empty text is no name of a table or index');
  }
  return parts.map((part) => `"${part.replaceAll('"', '""')}"`).join('.');
}

/** The name of a PostgreSQL role as the server stores it: one name, whatever dots and quotes are in it. */
export function sqlRole(value: string): string {
  refuseHidden(value, 'an SQL name');
  if (value === '') {
    throw new RangeError('an empty text is no name of a role');
  }
  return `"${value.replaceAll('"', '""')}"`;
}

/**
 * One word of a POSIX shell. Plain words stay as they are; everything else stands in single quotes, in which nothing
 * is special. Throws RangeError on hidden characters: a terminal would act on them while the command is pasted.
 */
export function shell(value: string): string {
  refuseHidden(value, 'a shell command');
  const text = value.replace(LONE_SURROGATE, '\uFFFD');
  return /^[A-Za-z0-9_/.,:@%+][A-Za-z0-9_/.,:@%+-]*$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** One argument of redis-cli. */
export function redis(value: string): string {
  return /^[A-Za-z0-9_:./@+-]+$/.test(value) ? value : `"${escapeRedis(value)}"`;
}

/** The inside of a double-quoted argument of redis-cli. */
export function escapeRedis(value: string): string {
  let out = '';
  for (const char of value.replace(LONE_SURROGATE, '\uFFFD')) {
    const code = char.codePointAt(0) ?? 0;
    if (char === '"' || char === '\\') {
      out += `\\${char}`;
    } else if (hasHidden(char)) {
      for (const byte of utf8(code)) {
        out += `\\x${byte.toString(16).padStart(2, '0')}`;
      }
    } else {
      out += char;
    }
  }
  return out;
}

/** A text that a regular expression (RE2) matches literally. */
export function escapeRegex(value: string): string {
  return value.replace(/[\\.+*?()|[\]{}^$]/g, '\\$&');
}

/** Throws RangeError when a value holds characters that a screen does not show as what they are. */
export function refuseHidden(value: string, place: string): void {
  if (hasHidden(value)) {
    throw new RangeError(
      `a value with control, bidirectional or zero-width characters cannot stand in ${place} safely`
    );
  }
}

/** Own code: the engine runs where there is no TextEncoder. */
function utf8(code: number): number[] {
  if (code < 0x80) {
    return [code];
  }
  const bytes: number[] = [];
  let rest = code;
  let limit = 0x3f;
  while (rest > limit) {
    bytes.unshift(0x80 | (rest & 0x3f));
    rest >>= 6;
    limit >>= 1;
  }
  return [((~limit << 1) & 0xff) | rest, ...bytes];
}

function refuseNul(value: string, language: string): void {
  if (value.includes('\0')) {
    throw new RangeError(`${language} cannot hold a NUL character`);
  }
}
