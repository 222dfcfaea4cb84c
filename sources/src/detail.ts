import { isObject, textOf } from './json';
import { isBrokenJson, isHtml } from './page';

const LONGEST = 300;
/** What is looked at: an error of a megabyte must not hold up the page. */
const LONGEST_READ = 4_000;

const SECRETS: ReadonlyArray<readonly [RegExp, string]> = [
  [/\b(Bearer|Basic)\s+[\w.~+/=-]{4,}/gi, '$1 <removed>'],
  [/\beyJ[\w-]+\.[\w-]+\.[\w-]*/g, '<removed>'],
  [/\b(?:glsa|glc|ghp|gho|xox[a-z]|sk)[_-][\w-]{8,}/g, '<removed>'],
  // The greedy user part reaches the last @ before a space or slash: passwords may hold an @ themselves.
  [/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/"'<>]*@/gi, '$1<removed>@'],
  [
    /(["']?[\w.-]*(?:password|passwd|pwd|secret|token|api[-_]?key|access[-_]?key|authorization|credentials?)["']?\s*[=:]\s*)(?:"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|(?!<removed>|Bearer |Basic )[^\s,;&"'}]+)/gi,
    '$1<removed>',
  ],
];

/** One line of at most 300 characters, without anything that looks like a password, token or key. */
export function safeDetail(text: string): string {
  const clean = SECRETS.reduce(
    (result, [pattern, replacement]) => result.replace(pattern, replacement),
    text.slice(0, LONGEST_READ)
  )
    .replace(/\s+/g, ' ')
    .trim();
  return clean.length > LONGEST ? `${clean.slice(0, LONGEST - 1)}…` : clean;
}

/** What the body of a refused request says, in the words of whoever wrote it. */
export function detailOf(status: number, body: unknown): string {
  const words = wordsOf(body);
  return safeDetail(words === undefined ? `HTTP ${status}, without an explanation` : `HTTP ${status}: ${words}`);
}

/** Whether the body of a refused request leaves it to the status to say why. */
export function isSilent(body: unknown): boolean {
  return wordsOf(body) === undefined;
}

/** A time in ISO 8601; one from outside can lie beyond what a Date can say. */
export function isoOf(ms: number): string {
  return Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : String(ms);
}

function wordsOf(body: unknown): string | undefined {
  if (isHtml(body)) {
    const title = /<title[^>]*>([^<]*)<\/title>/i.exec(body)?.[1]?.trim();
    return title ? `an HTML page “${title}”` : 'an HTML page';
  }
  if (isBrokenJson(body)) {
    return `broken JSON, ${body.length.toLocaleString('en')} characters long`;
  }
  if (typeof body === 'string') {
    return body.trim() === '' ? undefined : body;
  }
  if (isObject(body)) {
    const error = body.error;
    return textOf(body.message) ?? textOf(error) ?? (isObject(error) ? textOf(error.message) : undefined);
  }
  return undefined;
}
