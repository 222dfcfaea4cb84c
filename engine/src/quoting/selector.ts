/** Label matchers as text: `job="api",env!="dev"`. */

export interface Matcher {
  readonly label: string;
  readonly operator: '=' | '!=' | '=~' | '!~';
  /** The inside of its string, with the escapes of Go as they are written. */
  readonly written: string;
}

const STRING = String.raw`"((?:[^"\\\n]|\\[abfnrtv\\"]|\\x[0-9a-fA-F]{2}|\\u[0-9a-fA-F]{4})*)"`;
const MATCHER = String.raw`\s*([A-Za-z_][A-Za-z0-9_]*)\s*(=~|!~|!=|=)\s*${STRING}\s*`;
const SELECTOR = new RegExp(`^${MATCHER}(?:,${MATCHER})*$`);

/** The matchers of a selector; undefined when the text is none. */
export function matchersOf(text: string): Matcher[] | undefined {
  return SELECTOR.test(text)
    ? [...text.matchAll(new RegExp(MATCHER, 'g'))].map(([, label = '', operator, written = '']) => ({
        label,
        operator: operator as Matcher['operator'],
        written,
      }))
    : undefined;
}

const ESCAPES: Readonly<Record<string, string>> = { a: '\u0007', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** What the inside of a Go string stands for. */
export function unescapeGoString(written: string): string {
  return written.replace(/\\(?:x(..)|u(....)|(.))/g, (_, byte?: string, unit?: string, char = '') => {
    const code = byte ?? unit;
    return code === undefined ? (ESCAPES[char as string] ?? (char as string)) : String.fromCharCode(parseInt(code, 16));
  });
}
