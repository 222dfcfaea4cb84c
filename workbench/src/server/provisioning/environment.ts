type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Replaces `$NAME` and `${NAME}` in every string, as Grafana does in provisioning files. A name that is not set becomes
 * nothing; `$$` is a dollar sign. (Grafana's `$__env{}` and `$__file{}` are not known here.)
 */
export function expandEnvironment<T>(value: T, environment: Environment): T {
  if (typeof value === 'string') {
    return value.replace(/\$\$|\$\{(\w+)\}|\$(\w+)/g, (whole, braced?: string, bare?: string) =>
      whole === '$$' ? '$' : (environment[braced ?? bare ?? ''] ?? '')
    ) as T;
  }
  if (Array.isArray(value)) {
    return value.map((item) => expandEnvironment<unknown>(item, environment)) as T;
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, expandEnvironment<unknown>(item, environment)])
    ) as T;
  }
  return value;
}
