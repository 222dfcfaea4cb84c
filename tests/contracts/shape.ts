/** Objects whose keys are data (label names, actions, a plugin's own settings) and not part of the shape. */
const OPEN = new Set([
  'labels',
  'annotations',
  'jsonData',
  'secureJsonFields',
  'values',
  'translations',
  'headers',
  'info',
]);

/**
 * Where a value differs in shape from an example: other keys, other types, an empty list where there should be items.
 * Every item of a list must have the shape of one of the example's items.
 *
 * @returns a line for each difference; none when the shapes are equal
 */
export function shapeDifferences(example: unknown, value: unknown, at = '$'): string[] {
  const expected = kind(example);
  const found = kind(value);
  if (expected !== found) {
    return [`${at}: ${found} instead of ${expected}`];
  }
  if (Array.isArray(example) && Array.isArray(value)) {
    if (example.length > 0 && value.length === 0) {
      return [`${at}: an empty list`];
    }
    return value.flatMap((item, i) => closest(example, item, `${at}[${i}]`));
  }
  if (expected !== 'object') {
    return [];
  }
  const wanted = example as Record<string, unknown>;
  const given = value as Record<string, unknown>;
  if (OPEN.has(at.split('.').at(-1) ?? '')) {
    return [];
  }
  return [
    ...Object.keys(wanted)
      .filter((key) => !(key in given))
      .map((key) => `${at}.${key}: missing`),
    ...Object.keys(given)
      .filter((key) => !(key in wanted))
      .map((key) => `${at}.${key}: not in the example`),
    ...Object.keys(wanted)
      .filter((key) => key in given)
      .flatMap((key) => shapeDifferences(wanted[key], given[key], `${at}.${key}`)),
  ];
}

function closest(examples: unknown[], value: unknown, at: string): string[] {
  if (examples.length === 0) {
    return [];
  }
  const attempts = examples.map((example) => shapeDifferences(example, value, at));
  return attempts.sort((a, b) => a.length - b.length)[0] ?? [];
}

function kind(value: unknown): string {
  if (value === null) {
    return 'null';
  }
  return Array.isArray(value) ? 'list' : typeof value;
}
