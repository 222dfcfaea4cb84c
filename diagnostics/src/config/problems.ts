/** What is wrong with a configuration: which key, what is allowed. Never a value, which may be a secret. */
import type { z } from 'zod';
import { TARGET_KINDS } from '../model/check';

export interface ConfigProblem {
  /** `targets[0].port` */
  readonly key: string;
  readonly message: string;
}

export class ConfigError extends Error {
  constructor(
    readonly file: string,
    readonly problems: readonly ConfigProblem[]
  ) {
    super(
      [`${file}: ${problems.length === 1 ? 'one problem' : `${problems.length} problems`}`]
        .concat(problems.map(({ key, message }) => `  ${key === '' ? '(file)' : key}: ${message}`))
        .join('\n')
    );
  }
}

export function keyOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>((key, part) => {
    if (typeof part === 'number') {
      return `${key}[${part}]`;
    }
    const name = String(part);
    const plain = /^\w+$/.test(name);
    return plain ? (key === '' ? name : `${key}.${name}`) : `${key}["${name}"]`;
  }, '');
}

/** `allowedAt` answers the keys that exist at a place of the schema. */
export function problemsOf(error: z.ZodError, allowedAt: (path: readonly PropertyKey[]) => string[]): ConfigProblem[] {
  return error.issues.map((issue) => {
    const key = keyOf(issue.path);
    switch (issue.code) {
      case 'unrecognized_keys': {
        const unknown = issue.keys.map((name) => `"${name}"`).join(', ');
        return { key, message: `unknown key ${unknown}. Allowed: ${allowedAt(issue.path).join(', ')}` };
      }
      case 'invalid_union':
        return issue.discriminator === undefined
          ? {
              key,
              message: key.endsWith('.tls')
                ? 'not one of the allowed forms: true, false, or {caFile, serverName, …}'
                : 'not one of the allowed forms: text, a number, true or false',
            }
          : { key, message: `unknown kind of target. Allowed: ${TARGET_KINDS.join(', ')}` };
      case 'invalid_value':
        return { key, message: `not an allowed value. Allowed: ${issue.values.map(String).join(', ')}` };
      case 'invalid_type':
        return {
          key,
          message:
            key.endsWith('host') && issue.message.includes('received array')
              ? 'without quotes YAML takes an address in brackets for a list: write "::1"'
              : issue.message.replace(/^Invalid input: /, ''),
        };
      default:
        return { key, message: issue.message.replace(/^Invalid (string|input): /, '') };
    }
  });
}
