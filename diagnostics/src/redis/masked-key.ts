/**
 * A key without what it may hold of people: parts that read like words are kept (`session`, `workflow_executions`), ids,
 * tokens and addresses become `?`. `session:4f2a:cart` → `session:?:cart`.
 */
const WORDS = /^[A-Za-z]{1,16}(?:[_.-][A-Za-z]{1,16}){0,3}$/;

export function maskedKey(key: string): string {
  const parts = key.split(/([:/|{}])/).slice(0, 21);
  const masked = parts.map((part, index) => (index % 2 === 1 || part === '' || WORDS.test(part) ? part : '?')).join('');
  return masked.length > 120 ? `${masked.slice(0, 120)}…` : masked;
}

/** What keys are counted by: everything before the first colon; keys without one stand for themselves. */
export function kindOfKey(key: string): string {
  const end = key.indexOf(':');
  return end === -1 ? maskedKey(key) : `${maskedKey(key.slice(0, end))}:`;
}
