/** Type guards for what arrives as `unknown`. Small on purpose: a schema library would outweigh the plugin's bundle. */
import type { Scalar } from '@live-runbooks/engine';

export type JsonObject = Readonly<Record<string, unknown>>;

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isScalar(value: unknown): value is Scalar {
  return value === null || typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}

export function textOf(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** Labels and annotations: text to text. Undefined when it is anything else; a missing map is an empty one. */
export function textMap(value: unknown): Readonly<Record<string, string>> | undefined {
  if (value === undefined || value === null) {
    return {};
  }
  if (!isObject(value)) {
    return undefined;
  }
  const entries = Object.entries(value);
  return entries.every((entry): entry is [string, string] => typeof entry[1] === 'string')
    ? Object.fromEntries(entries)
    : undefined;
}
