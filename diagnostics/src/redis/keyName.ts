/**
 * Keys are bytes; here each byte is one character (latin1). Most are text, some are what a library serialised, and any may
 * hold ids of people and tokens of sessions: parts that read like words are kept (`session`, `workflow_executions`), the
 * others become `?`. `session:4f2a:cart` → `session:?:cart`.
 */
const WORDS = /^[A-Za-z]{1,16}(?:[_.-][A-Za-z]{1,16}){0,3}$/;
/** A text as Java serialises it: the header, the type `t`, two bytes of length. */
const JAVA_TEXT = /^\xac\xed\x00\x05t[^]{2}/;
const HIDDEN = /[\p{Cc}\p{Cf}]/u;

/** The text that a key is, or holds; undefined: it is none. */
function textIn(key: string): string | undefined {
  const bytes = Buffer.from(key.replace(JAVA_TEXT, ''), 'latin1');
  const text = bytes.toString('utf8');
  return HIDDEN.test(text) || !Buffer.from(text, 'utf8').equals(bytes) ? undefined : text;
}

const label = (key: string): string => (JAVA_TEXT.test(key) ? '(java) ' : '');

export function maskedKey(key: string): string {
  const text = textIn(key);
  return text === undefined ? '(binary)' : `${label(key)}${maskedText(text)}`;
}

function maskedText(text: string): string {
  const parts = text.split(/([:/|{}])/).slice(0, 21);
  const masked = parts.map((part, index) => (index % 2 === 1 || part === '' || WORDS.test(part) ? part : '?')).join('');
  return masked.length > 120 ? `${masked.slice(0, 120)}…` : masked;
}

/** What keys are counted by: everything before the first colon; keys without one stand for themselves. */
export function kindOfKey(key: string): string {
  const text = textIn(key);
  if (text === undefined) {
    return '(binary)';
  }
  const end = text.indexOf(':');
  return `${label(key)}${end === -1 ? maskedText(text) : `${maskedText(text.slice(0, end))}:`}`;
}

/** The whole key, as redis-cli takes it where it is no text. */
export function fullKey(key: string): string {
  const text = JAVA_TEXT.test(key) ? undefined : textIn(key);
  const shown =
    text ??
    `"${[...key].map((char) => (/[\x20-\x7e]/.test(char) && !/["\\]/.test(char) ? char : `\\x${char.charCodeAt(0).toString(16).padStart(2, '0')}`)).join('')}"`;
  return shown.slice(0, 500);
}

/** `prefix` in UTF-8, as the configuration has it. */
export function hasPrefix(key: string, prefix: string): boolean {
  const bytes = Buffer.from(prefix, 'utf8').toString('latin1');
  return key.startsWith(bytes) || key.replace(JAVA_TEXT, '').startsWith(bytes);
}
