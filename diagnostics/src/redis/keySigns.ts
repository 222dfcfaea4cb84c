/**
 * What INFO tells of the keys without looking at one: while it stands still, no key can have become large, and none of those
 * that should expire is kept for ever, that was not so when they were looked at.
 */
import { databasesOf, infoNumber } from './info';

export interface KeySigns {
  /** Memory of what is stored, bytes. */
  readonly bytes: number;
  /** Keys in all databases. */
  readonly keys: number;
  /** Those that never expire. */
  readonly forever: number;
}

/** Less than the smallest key takes that is a finding by its elements. */
const FEW_BYTES = 1_000_000;
const FEW_KEYS = 0.1;

/** Undefined: this server does not tell. */
export function keySignsOf(info: ReadonlyMap<string, string>): KeySigns | undefined {
  const bytes = infoNumber(info, 'used_memory_dataset');
  const databases = [...databasesOf(info).values()];
  const keys = databases.reduce((sum, each) => sum + each.keys, 0);
  const forever = databases.reduce((sum, each) => sum + each.keys - each.expires, 0);
  return bytes === null ? undefined : { bytes, keys, forever };
}

/** `expiring`: keys that should expire are looked for, so that one that is kept for ever counts. */
export function standsStill(before: KeySigns | undefined, now: KeySigns | undefined, expiring: boolean): boolean {
  return (
    before !== undefined &&
    now !== undefined &&
    Math.abs(now.bytes - before.bytes) < FEW_BYTES &&
    Math.abs(now.keys - before.keys) <= FEW_KEYS * before.keys &&
    (!expiring || now.forever === before.forever)
  );
}
