/** Values of result rows. */
import type { Scalar } from '@live-runbooks/engine';

export const numberOrNull = (value: unknown): number | null =>
  value === null || value === undefined || value === '' ? null : Number(value);
export const textOrNull = (value: unknown): string | null => (typeof value === 'string' ? value : null);
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
/** Clocks of two processes may differ by microseconds: an age is never negative. */
export const age = (value: unknown): number | null => {
  const seconds = numberOrNull(value);
  return seconds === null ? null : Math.max(0, Math.round(seconds * 1000) / 1000);
};

/** A value of a result row as text; dates as ISO 8601, null where there is none. */
export function cellText(value: unknown): string | null {
  const plain = scalar(value);
  return plain === null ? null : String(plain);
}

/** A value of a result row as a plain scalar; dates as ISO 8601. */
export function scalar(value: unknown): Scalar {
  if (value instanceof Date) {
    return value.toISOString();
  }
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? value : null;
}
