/** The keys of a target that say which keys of Redis its checks look at. */
import { z } from 'zod';
import { number, text } from '../config/parts';

const fieldName = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, 'a field name of letters, digits and "_"')
  .refine((name) => name !== '__proto__', 'another name');

/** A key of Redis that a check reads, and its thresholds. */
const namedKey = z.strictObject({
  name: fieldName,
  key: text,
  /** Where the key is, when not in `database` of the target. */
  database: number(z.number().int().min(0).max(65_535)).optional(),
  warning: number(z.number()).optional(),
  critical: number(z.number()).optional(),
});

export const redisKeys = z.strictObject({
  lists: z.array(namedKey).max(50).default([]),
  /** Hashes of counters, read whole: the user needs HGETALL for these keys. Thresholds are those of one field. */
  hashes: z.array(namedKey).max(20).default([]),
  /** Prefixes of keys that should expire. */
  expiring: z.array(text.max(200)).max(20).default([]),
});

export type RedisKeysConfig = z.infer<typeof redisKeys>;
