/** The values of which everything in a pack is made, and how their errors read to an author. */
import { z } from 'zod';

import { nearest } from '../problem';

/** A map whose keys are all known; an unknown key names what is allowed. */
export function strict<T extends z.core.$ZodLooseShape>(shape: T) {
  const allowed = Object.keys(shape);
  return z.strictObject(shape, {
    error: (issue) => {
      if (issue.code === 'unrecognized_keys') {
        return (issue.keys as string[])
          .map((key) => {
            const near = nearest(key, allowed);
            return `unknown key \`${key}\`${near === undefined ? '' : `; did you mean \`${near}\`?`}; allowed: ${allowed.join(', ')}`;
          })
          .join('; ');
      }
      return issue.code === 'invalid_type'
        ? `expected a map with ${allowed.join(', ')}, got ${describe(issue.input)}`
        : undefined;
    },
  });
}

/** How a value looks to its author. */
export function describe(value: unknown): string {
  if (value === undefined) {
    return 'nothing';
  }
  if (value === null) {
    return 'an empty value';
  }
  if (Array.isArray(value)) {
    return 'a list';
  }
  if (typeof value === 'object') {
    return 'a map (a text that begins with `{` must be quoted)';
  }
  return `${typeof value} ${JSON.stringify(value)}`;
}

export const text = z
  .string({ error: (issue) => `expected a text, got ${describe(issue.input)}` })
  .trim()
  .min(1, 'must not be empty');

const ID = /^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/;

export const id = text.regex(ID, 'must be lower-case words joined by hyphens, like `lock-waiters`');

export const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()], {
  error: (issue) => `expected a text, a number, true, false or null, got ${describe(issue.input)}`,
});

export const number = z.number({ error: (issue) => `expected a number, got ${describe(issue.input)}` });

export const list = <T extends z.ZodType>(item: T) =>
  z
    .union([z.array(item), item], { error: (issue) => `expected one or a list, got ${describe(issue.input)}` })
    .transform((value): Array<z.output<T>> =>
      Array.isArray(value) ? (value as Array<z.output<T>>) : [value as z.output<T>]
    );

export const texts = z
  .union([z.string(), z.array(z.string())], {
    error: (issue) => `expected a text or a list of texts, got ${describe(issue.input)}`,
  })
  .transform((value) => (Array.isArray(value) ? value : [value]));

export const oneOf = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, {
    error: (issue) => {
      const near = typeof issue.input === 'string' ? nearest(issue.input, values) : undefined;
      return `expected one of ${values.join(', ')}; got ${describe(issue.input)}${near === undefined ? '' : `; did you mean \`${near}\`?`}`;
    },
  });

/** Seconds of `90`, `60s`, `5m`, `1h30m`; undefined when it is none of these. */
export function parseSeconds(value: string | number): number | undefined {
  if (typeof value === 'number') {
    return value > 0 ? value : undefined;
  }
  const match = /^(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?$/.exec(value.trim());
  if (!match || match[0] === '') {
    return undefined;
  }
  const [, days = '0', hours = '0', minutes = '0', seconds = '0'] = match;
  const total = Number(days) * 86_400 + Number(hours) * 3_600 + Number(minutes) * 60 + Number(seconds);
  return total > 0 ? total : undefined;
}

export const seconds = z
  .union([z.string(), z.number()], { error: (issue) => `expected a duration like 60s, got ${describe(issue.input)}` })
  .transform((value, context) => {
    const parsed = parseSeconds(value);
    if (parsed === undefined) {
      context.addIssue({
        code: 'custom',
        message: `expected a duration above zero like 60s, 5m or 1h30m, got ${describe(value)}`,
      });
      return z.NEVER;
    }
    return parsed;
  });
