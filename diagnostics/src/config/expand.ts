/**
 * `${NAME}` and `${NAME:-default}` inside the strings of the configuration. Expansion happens after the YAML was read, so
 * a value of the environment can never add structure, and `$${` stands for a plain `${`.
 */
const REFERENCE = /\$\$\{|\$\{([^}]*)\}/g;

export interface ExpansionProblem {
  readonly path: ReadonlyArray<string | number>;
  readonly message: string;
}

export function expand(
  value: unknown,
  env: Readonly<Record<string, string | undefined>>,
  problems: ExpansionProblem[],
  path: ReadonlyArray<string | number> = []
): unknown {
  if (typeof value === 'string') {
    return value.replace(REFERENCE, (whole, inside: string | undefined) => {
      if (inside === undefined) {
        return '${';
      }
      const [, name, fallback] = /^([A-Za-z_][A-Za-z0-9_]*)(?::-(.*))?$/s.exec(inside) ?? [];
      if (name === undefined) {
        problems.push({ path, message: `"${whole}" is not \${NAME} or \${NAME:-default}` });
        return '';
      }
      const set = env[name];
      if (set !== undefined && set !== '') {
        return set;
      }
      if (fallback !== undefined) {
        return fallback;
      }
      problems.push({
        path,
        message: `the environment variable ${name} is not set: set it, or write \${${name}:-default}`,
      });
      return '';
    });
  }
  if (Array.isArray(value)) {
    return value.map((each: unknown, index) => expand(each, env, problems, [...path, index]));
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, each]: [string, unknown]) => [key, expand(each, env, problems, [...path, key])])
    );
  }
  return value;
}
