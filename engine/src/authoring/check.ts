import type { z } from 'zod';

import type { Problem } from './problem';
import type { Path, YamlSource } from './source';

/** Checks a file's data against a schema; what is wrong becomes problems with the place of the offending value. */
export function check<T extends z.ZodType>(
  schema: T,
  source: YamlSource,
  problems: Problem[]
): z.output<T> | undefined {
  if (source.problems.length > 0) {
    problems.push(...source.problems);
    return undefined;
  }
  const result = schema.safeParse(source.data);
  if (result.success) {
    return result.data;
  }
  for (const issue of result.error.issues) {
    problems.push(...toProblems(issue, [], source));
  }
  return undefined;
}

function toProblems(issue: z.core.$ZodIssue, parent: Path, source: YamlSource): Problem[] {
  const path = [...parent, ...issue.path.map((step) => (typeof step === 'symbol' ? String(step) : step))];
  if (issue.code === 'invalid_union') {
    // The author meant the alternative that fails deepest: {present: …} with a bad value, not the plain word.
    const inside = issue.errors
      .filter(
        (errors) =>
          errors.length > 0 && errors.every((error) => error.path.length > 0 || error.code === 'unrecognized_keys')
      )
      .sort((a, b) => a.length - b.length)[0];
    const isMeant =
      inside?.some((error) => error.path.length > 0 && !/got nothing|undefined/.test(error.message)) ||
      inside?.some((error) => error.code === 'unrecognized_keys' && error.message.startsWith('unknown key'));
    if (inside && isMeant) {
      return inside.flatMap((error) => toProblems(error, path, source));
    }
  }
  const message = issue.code === 'invalid_key' ? (issue.issues[0]?.message ?? issue.message) : issue.message;
  const keyed =
    issue.code === 'unrecognized_keys' && issue.keys[0] !== undefined ? [...path, issue.keys[0]] : undefined;
  const place = keyed ? source.atKey(keyed) : issue.code === 'invalid_key' ? source.atKey(path) : source.at(path);
  const where = path.length === 0 ? '' : `${path.join('.')}: `;
  return [{ file: source.file, ...place, severity: 'error', rule: 'schema', message: `${where}${message}` }];
}
