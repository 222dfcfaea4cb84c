import { z } from 'zod';
import { defineCheck, limit } from '../../model/check';
import { fact } from '../../model/fact';
import type { RedisCheckContext } from '../context';
import { blindRows, blindSpot } from '../blindKeys';
import { fullKey, maskedKey } from '../keyName';

const MB = 1_000_000;

const PRIVILEGE = '%R~* +info +select +scan +dbsize +type +pttl +memory|usage +llen +hlen +scard +zcard +xlen +strlen';

export const bigKeys = defineCheck({
  id: 'redis.big_keys',
  title: 'Large keys, and what fills the memory',
  kind: 'redis',
  asks: 'SCAN of every database with COUNT 1000, at most 2000 keys and 200 ms each 10 s, going on where it stopped, and a minute’s rest after each pass; in a round that nobody asks for 500 keys, and an hour’s rest, or up to a week’s while memory and number of keys stand still and nothing is found; MEMORY USAGE (default samples), PTTL; TYPE and the length of the largest; INFO keyspace',
  value: 'largestBytes',
  fields: {
    largestBytes: fact.bytes('memory of the largest key, bytes, as Redis estimates it from samples'),
    large: fact.count('keys at or above the limits'),
    keys: fact.count('keys in all databases (of this node, in a cluster)'),
    databases: fact.count('databases that have keys'),
    coverage: fact.ratio('share of the key space that was examined, 0–1'),
    examined: fact.count('keys examined in this round; 0 between two looks'),
    passAgeSeconds: fact.seconds('seconds since the last complete pass began; null before the first is complete'),
  },
  rows: {
    largest: {
      database: fact.number('number of the database'),
      key: fact.text(
        'key; parts that look like ids or tokens are masked, unless `fullNames`; (java): a text that Java serialised, (binary): no text'
      ),
      type: fact.text('list, hash, set, zset, stream or string'),
      bytes: fact.bytes('memory, bytes (estimate)'),
      elements: fact.count('elements (bytes of a string)'),
    },
    kinds: {
      prefix: fact.text('what comes before the first colon'),
      keys: fact.count('keys'),
      bytes: fact.bytes('memory, bytes'),
      withoutTtl: fact.count('keys that never expire'),
    },
    blind: blindRows,
  },
  mend: 'Reading, expiring or deleting a large key blocks everybody. Read parts (LRANGE, HSCAN), split it, or trim it (XTRIM, LTRIM); delete it with UNLINK, never with DEL. redis-cli --bigkeys finds full names.',
  privilege: PRIVILEGE,
  options: z.strictObject({
    warning: limit.warning(10 * MB),
    critical: limit.critical(500 * MB),
    /** A collection with this many elements is a warning whatever its memory. */
    elements: z.number().min(1).default(500_000),
    /** The same for hashes and sets, which are mostly read whole (HGETALL, SMEMBERS). */
    wholeElements: z.number().min(1).default(100_000),
    /** Keys may hold ids of people and tokens of sessions. */
    fullNames: z.boolean().default(false),
  }),
  make: (options) => async (context: RedisCheckContext) => {
    const { keys, databases, coverage, examined, passAgeSeconds, largest, kinds, blind } = await context.keySpace();
    // Nothing could be read: then nothing is known, and it is not 0.
    const largestBytes = coverage === 0 && blind.length > 0 ? null : (largest[0]?.bytes ?? 0);
    const most = (type: string): number =>
      type === 'hash' || type === 'set' ? Math.min(options.wholeElements, options.elements) : options.elements;
    const long = largest.filter((each) => each.type !== 'string' && (each.elements ?? 0) >= most(each.type));
    const large = largest.filter((each) => each.bytes >= options.warning || long.includes(each));
    const named = (key: string): string => (options.fullNames ? fullKey(key) : maskedKey(key));
    const [first] = large;
    const where = first === undefined || first.database === 0 ? '' : ` in database ${first.database}`;
    const spot = blindSpot(blind, context, PRIVILEGE);
    return {
      value: largestBytes,
      summary:
        (first === undefined
          ? largestBytes === null
            ? `none of ${keys} keys could be read`
            : `the largest of ${keys} keys has ${readable(largestBytes)}`
          : `${named(first.key)} (${first.type})${where} has ${readable(first.bytes)}, ${first.elements ?? 'unknown'} elements${
              large.length > 1 ? `; ${large.length - 1} more are large` : ''
            }`) +
        (coverage < 1 && largestBytes !== null ? `; ${Math.floor(coverage * 100)} % of the keys seen so far` : '') +
        spot.says,
      fields: {
        ...{ largestBytes, large: large.length, keys, databases, coverage, examined },
        passAgeSeconds,
      },
      rows: {
        largest: largest.slice(0, 10).map((each) => ({ ...each, key: named(each.key) })),
        kinds: [...kinds]
          .sort(([, a], [, b]) => b.bytes - a.bytes)
          .slice(0, 20)
          .map(([prefix, counted]) => ({ prefix, ...counted })),
        blind: spot.rows,
      },
      ...(large.length === 0 ? spot.unknown : {}),
      ...(long.length > 0 ? { atLeast: 'warning' as const } : {}),
    };
  },
});

const readable = (bytes: number): string =>
  bytes >= MB ? `${(bytes / MB).toFixed(1)} MB` : bytes >= 1000 ? `${Math.round(bytes / 1000)} kB` : `${bytes} bytes`;
