/** The value of a variable inside a regular expression inside a quoted PromQL or LogQL string. */
export function escapeVariable(value: unknown): string {
  return Array.isArray(value) ? `(${value.map(escapeForRegex).join('|')})` : String(value);
}

function escapeForRegex(value: unknown): string {
  return String(value).replace(/[\\^$*+?.()|[\]{}]/g, '\\\\$&');
}
