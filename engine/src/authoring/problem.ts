import { compareText } from '../compareText';

/** What is wrong in a pack's files, where, and what would be right. */
export interface Problem {
  /** The file's key in the map that was loaded. */
  readonly file: string;
  /** One-based. */
  readonly line: number;
  /** One-based. */
  readonly column: number;
  readonly severity: 'error' | 'warning';
  /** Stable name of the rule (`syntax`, `schema`, `unknown-signal`, …). */
  readonly rule: string;
  readonly message: string;
}

/** One line for people and for editors that jump to `file:line:column`. */
export function formatProblem(problem: Problem): string {
  const { file, line, column, severity, rule, message } = problem;
  return `${file}:${line}:${column}: ${severity}: ${message} [${rule}]`;
}

/** Order by place, so that the same problems always print the same. */
export function byPlace(a: Problem, b: Problem): number {
  return compareText(a.file, b.file) || a.line - b.line || a.column - b.column || compareText(a.message, b.message);
}

/** The nearest of the allowed words, when it is near enough to be a slip of the keyboard. */
export function nearest(word: string, allowed: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Math.max(2, Math.floor(word.length / 3)) + 1;
  for (const candidate of allowed) {
    const distance = editDistance(word, candidate, bestDistance);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** `foo` is not known; did you mean `fob`? Allowed: a, b, c (at most a dozen). */
export function notAmong(what: string, word: string, allowed: readonly string[]): string {
  const near = nearest(word, allowed);
  const sorted = [...allowed].sort();
  const listed = sorted.slice(0, 12).join(', ') + (sorted.length > 12 ? `, … (${sorted.length} in all)` : '');
  return `${what} \`${word}\` does not exist${near === undefined ? '' : `; did you mean \`${near}\`?`}; there is: ${listed || 'none'}`;
}

function editDistance(a: string, b: string, stopAt: number): number {
  if (Math.abs(a.length - b.length) >= stopAt) {
    return stopAt;
  }
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      row[j] = Math.min(
        (previous[j] ?? 0) + 1,
        (row[j - 1] ?? 0) + 1,
        (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      );
    }
    previous = row;
  }
  return previous[b.length] ?? stopAt;
}

/** Each problem once: a shared file is read for every pack that uses it. */
export function dedupe(problems: readonly Problem[]): Problem[] {
  const seen = new Set<string>();
  return problems.filter((problem) => {
    const key = `${problem.file}:${problem.line}:${problem.column}:${problem.message}`;
    return seen.has(key) ? false : (seen.add(key), true);
  });
}
