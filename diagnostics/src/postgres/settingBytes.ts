import type { Setting } from './settings';

const UNITS: Readonly<Record<string, number>> = { B: 1, kB: 1024, '8kB': 8192, MB: 1024 * 1024, GB: 1024 ** 3 };

/** A setting of size in bytes; 0 when it is missing or off. */
export function bytesOf(setting: Setting | undefined): number {
  const value = Number(setting?.value ?? 0);
  return value > 0 ? value * (UNITS[setting?.unit ?? 'B'] ?? 1) : 0;
}
