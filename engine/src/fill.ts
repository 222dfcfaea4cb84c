/**
 * Filling a query or a command: every placeholder is quoted for the place in which it stands. The template is read
 * with a small lexer of its language, so that `job={{job}}` gets quotes of its own and `job="{{job}}"` only escapes.
 * Places in which nothing can be quoted safely (raw strings, comments, here-documents) refuse every value.
 */
import type { Scalar } from './model/outcome';
import type { Fix, Param } from './model/pack';
import { escapeGoString, escapeRedis, escapeRegex, logql, promql, redis, shell, sql, sqlIdentifier } from './quote';
import { parseTemplate, placeholderName, type Placeholder } from './template';

export type Language = Fix['language'];

/** Where in its language a placeholder stands. */
type Place = 'bare' | 'single' | 'double' | 'escape' | 'refused';

interface Slot {
  readonly placeholder: Placeholder;
  readonly place: Place;
  /** The author put exactly this placeholder between quotes, which the literal may replace. */
  readonly whole: boolean;
}

export interface FillTemplate {
  readonly language: Language;
  readonly parts: ReadonlyArray<string | Slot>;
}

export interface FillValue {
  readonly value: Scalar;
  /** Set for parameters: a metric, a duration, a selector and a number were checked by `bind` and stand bare. */
  readonly kind?: Param['kind'];
}

export interface Filled {
  readonly text: string;
  readonly missing: ReadonlyArray<{ readonly placeholder: string; readonly why: string }>;
}

/** Filters that mean something in a command; the others are for sentences. */
export const COMMAND_FILTERS: Readonly<Record<Language, readonly string[]>> = {
  sql: ['ident'],
  promql: ['regex', 'quarter'],
  logql: ['regex', 'quarter'],
  shell: [],
  redis: [],
  text: [],
};

/** Reads a template once; the result can be filled any number of times. */
export function compileFill(text: string, language: Language): FillTemplate {
  const lexer = new Lexer(language, text);
  const source = parseTemplate(text);
  const parts: Array<string | Slot> = [];
  for (const [index, part] of source.entries()) {
    if (typeof part === 'string') {
      lexer.read(part);
      parts.push(part);
    } else {
      const place = lexer.place();
      const quote = place === 'single' ? "'" : place === 'double' ? '"' : undefined;
      const before = source[index - 1];
      const after = source[index + 1];
      const whole =
        quote !== undefined &&
        typeof before === 'string' &&
        typeof after === 'string' &&
        before.endsWith(quote) &&
        lexer.justOpened() &&
        after.startsWith(quote) &&
        !after.startsWith(quote + quote);
      lexer.value();
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
        literal = write(template.language, part, found);
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

const UNIT_MS: Readonly<Record<string, number>> = {
  y: 31_536_000_000,
  w: 604_800_000,
  d: 86_400_000,
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
};

/** A quarter of a duration: the last part of a window. PromQL cannot divide durations. */
function quarterOf(duration: string, kind: FillValue['kind']): string {
  if (kind !== 'duration') {
    throw new RangeError('only a duration has a quarter');
  }
  let total = 0;
  for (const [, amount = '0', unit = 's'] of duration.matchAll(/(\d+)(ms|[ywdhms])/g)) {
    total += Number(amount) * (UNIT_MS[unit] ?? 0);
  }
  const quarter = Math.max(1, Math.round(total / 4));
  return quarter % 1000 === 0 ? `${quarter / 1000}s` : `${quarter}ms`;
}

function write(language: Language, slot: Slot, { value, kind }: FillValue): string {
  if (value === null) {
    throw new RangeError('the value is empty');
  }
  if (slot.place === 'refused') {
    throw new RangeError('no value can be quoted at this place of the command');
  }
  const filter = slot.placeholder.filters[0]?.name;
  const raw = filter === 'quarter' ? quarterOf(String(value), kind) : String(value);
  if (language === 'text') {
    return raw;
  }
  const text = filter === 'regex' ? escapeRegex(raw) : raw;
  if (slot.place === 'bare') {
    if (typeof value === 'number') {
      if (!Number.isFinite(value)) {
        throw new RangeError('the value is no finite number');
      }
      return raw;
    }
    if (kind === 'number') {
      return raw;
    }
    switch (language) {
      case 'promql':
      case 'logql':
        return kind === undefined || kind === 'value' ? (language === 'promql' ? promql(text) : logql(text)) : raw;
      case 'sql':
        return filter === 'ident' ? sqlIdentifier(text) : typeof value === 'boolean' ? raw : sql(text);
      case 'shell':
        return shell(text);
      case 'redis':
        return redis(text);
    }
  }
  switch (language) {
    case 'promql':
    case 'logql':
      return escapeGoString(text, slot.place === 'single' ? "'" : '"');
    case 'sql':
      if (slot.whole && slot.place === 'single') {
        return sql(text);
      }
      if (text.includes('\0')) {
        throw new RangeError('SQL cannot hold a NUL character');
      }
      if (slot.place === 'double') {
        return text.replaceAll('"', '""');
      }
      if (text.includes('\\') && slot.place === 'single') {
        throw new RangeError('a value with a backslash cannot stand inside these quotes');
      }
      return text.replaceAll('\\', '\\\\').replaceAll("'", "''");
    case 'shell': {
      // Leave the author's quotes, stand in single quotes of one's own, and open the author's again.
      const word = shell(text);
      const own = word.startsWith("'") ? word : `'${word}'`;
      return slot.place === 'single' ? own.slice(1, -1) : `"${own}"`;
    }
    case 'redis':
      if (slot.place === 'single') {
        if (/['\\\u0000-\u001f\u007f]/.test(text)) {
          throw new RangeError('this value cannot stand inside single quotes; use double quotes');
        }
        return text;
      }
      return escapeRedis(text);
  }
}

type State =
  'bare' | 'single' | 'double' | 'escape' | 'raw' | 'comment' | 'block' | 'dollar' | 'brace' | 'substitution';

class Lexer {
  private stack: State[] = ['bare'];
  private dollarTag = '';
  private hereDocument = false;
  private opened = false;
  private last = '';

  constructor(
    private readonly language: Language,
    template: string
  ) {
    this.hereDocument = language === 'shell' && /(^|[^<])<<(?!<)/.test(template);
  }

  place(): Place {
    if (this.hereDocument) {
      return 'refused';
    }
    switch (this.top()) {
      case 'bare':
      case 'substitution':
        // A bare value next to a backslash or a dollar sign would be taken for part of it.
        return this.language === 'shell' && /[\\$]$/.test(this.last) ? 'refused' : 'bare';
      case 'single':
        return 'single';
      case 'double':
        return 'double';
      case 'escape':
        return 'escape';
      default:
        return 'refused';
    }
  }

  justOpened(): boolean {
    return this.opened;
  }

  /** A value was put here. */
  value(): void {
    this.opened = false;
    this.last = 'v';
  }

  read(text: string): void {
    let index = 0;
    while (index < text.length) {
      this.opened = false;
      index += Math.max(1, this.step(text, index));
    }
    this.last = text.slice(-1);
  }

  private top(): State {
    return this.stack.at(-1) ?? 'bare';
  }

  private push(state: State): void {
    this.stack.push(state);
    this.opened = true;
  }

  private pop(): void {
    this.stack.pop();
    if (this.stack.length === 0) {
      this.stack.push('bare');
    }
  }

  private step(text: string, index: number): number {
    switch (this.language) {
      case 'promql':
      case 'logql':
        return this.stepGo(text, index);
      case 'sql':
        return this.stepSql(text, index);
      case 'shell':
        return this.stepShell(text, index);
      case 'redis':
        return this.stepRedis(text, index);
      case 'text':
        return text.length;
    }
  }

  private stepGo(text: string, index: number): number {
    const char = text[index];
    switch (this.top()) {
      case 'single':
      case 'double':
        if (char === '\\') {
          return 2;
        }
        if (char === (this.top() === 'single' ? "'" : '"')) {
          this.pop();
        }
        return 1;
      case 'raw':
        if (char === '`') {
          this.pop();
        }
        return 1;
      case 'comment':
        if (char === '\n') {
          this.pop();
        }
        return 1;
      default:
        if (char === '"') {
          this.push('double');
        } else if (char === "'") {
          this.push('single');
        } else if (char === '`') {
          this.push('raw');
        } else if (char === '#') {
          this.push('comment');
        }
        return 1;
    }
  }

  private stepSql(text: string, index: number): number {
    const char = text[index];
    const two = text.slice(index, index + 2);
    switch (this.top()) {
      case 'single':
        if (two === "''") {
          return 2;
        }
        if (char === "'") {
          this.pop();
        }
        return 1;
      case 'escape':
        if (char === '\\' || two === "''") {
          return 2;
        }
        if (char === "'") {
          this.pop();
        }
        return 1;
      case 'double':
        if (two === '""') {
          return 2;
        }
        if (char === '"') {
          this.pop();
        }
        return 1;
      case 'comment':
        if (char === '\n') {
          this.pop();
        }
        return 1;
      case 'block':
        if (two === '*/') {
          this.pop();
          return 2;
        }
        if (two === '/*') {
          this.push('block');
          return 2;
        }
        return 1;
      case 'dollar':
        if (text.startsWith(this.dollarTag, index)) {
          this.pop();
          return this.dollarTag.length;
        }
        return 1;
      default: {
        if (/^[eE]'/.test(two) && !/[A-Za-z0-9_]/.test(text[index - 1] ?? ' ')) {
          this.push('escape');
          return 2;
        }
        if (char === "'") {
          this.push('single');
        } else if (char === '"') {
          this.push('double');
        } else if (two === '--') {
          this.push('comment');
        } else if (two === '/*') {
          this.push('block');
          return 2;
        } else if (char === '$') {
          const tag = /^\$(?:[A-Za-z_]\w*)?\$/.exec(text.slice(index))?.[0];
          if (tag !== undefined) {
            this.dollarTag = tag;
            this.push('dollar');
            return tag.length;
          }
        }
        return 1;
      }
    }
  }

  private stepShell(text: string, index: number): number {
    const char = text[index];
    const two = text.slice(index, index + 2);
    const state = this.top();
    switch (state) {
      case 'single':
        if (char === "'") {
          this.pop();
        }
        return 1;
      case 'raw':
        if (char === '\\') {
          return 2;
        }
        if (char === '`') {
          this.pop();
        }
        return 1;
      case 'comment':
        if (char === '\n') {
          this.pop();
        }
        return 1;
      case 'brace':
        if (char === '\\') {
          return 2;
        }
        if (char === '}') {
          this.pop();
        }
        return 1;
      default:
        if (char === '\\') {
          return 2;
        }
        if (two === '$(') {
          this.push('substitution');
          return 2;
        }
        if (two === '${') {
          this.push('brace');
          return 2;
        }
        if (char === '`') {
          this.push('raw');
          return 1;
        }
        if (char === '"') {
          if (state === 'double') {
            this.pop();
          } else {
            this.push('double');
          }
          return 1;
        }
        if (state === 'double') {
          return 1;
        }
        if (two === "$'") {
          // ANSI-C quotes: escapes differ between shells, so nothing is filled in there.
          this.push('raw');
          const end = /^\$'(?:[^'\\]|\\.)*'/s.exec(text.slice(index))?.[0];
          if (end !== undefined) {
            this.pop();
            return end.length;
          }
          return 2;
        }
        if (char === "'") {
          this.push('single');
        } else if (char === '(') {
          this.push('substitution');
        } else if (char === ')' && state === 'substitution') {
          this.pop();
        } else if (char === '#' && /\s|^$/.test(text[index - 1] ?? '')) {
          this.push('comment');
        }
        return 1;
    }
  }

  private stepRedis(text: string, index: number): number {
    const char = text[index];
    switch (this.top()) {
      case 'double':
        if (char === '\\') {
          return 2;
        }
        if (char === '"') {
          this.pop();
        }
        return 1;
      case 'single':
        if (text.startsWith("\\'", index)) {
          return 2;
        }
        if (char === "'") {
          this.pop();
        }
        return 1;
      default:
        if (char === '"') {
          this.push('double');
        } else if (char === "'") {
          this.push('single');
        }
        return 1;
    }
  }
}
