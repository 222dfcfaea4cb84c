/** The settings of an application process, from its environment. A missing one ends the process with its name. */

export function required(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') {
    throw new Error(`the environment variable ${name} is not set`);
  }
  return value;
}

/** A number from the environment; `fallback` when it is unset. */
export function number(name: string, fallback: number): number {
  const text = process.env[name];
  if (text === undefined || text === '') {
    return fallback;
  }
  const value = Number(text);
  if (!Number.isFinite(value)) {
    throw new Error(`the environment variable ${name} must be a number, not "${text}"`);
  }
  return value;
}
