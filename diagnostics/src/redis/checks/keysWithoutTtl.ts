import { z } from 'zod';
import { Unanswered, defineCheck, limit } from '../../model/check';
import { fact } from '../../model/fact';
import { blindRows, blindSpot } from '../blindKeys';
import type { RedisCheckContext } from '../context';

const PRIVILEGE = '%R~* +info +select +scan +dbsize +type +pttl +memory|usage +llen +hlen +scard +zcard +xlen +strlen';

export const keysWithoutTtl = defineCheck({
  id: 'redis.keys_without_ttl',
  title: 'Keys that should expire and do not',
  kind: 'redis',
  asks: 'PTTL of the keys that the bounded SCAN of redis.big_keys names, for the prefixes under `expiring` of the target',
  value: 'withoutTtl',
  fields: {
    withoutTtl: fact.count('keys under the prefixes without a TTL, among those seen'),
    estimated: fact.count('the same for the whole key space, from the share that was seen'),
    seen: fact.count('keys under the prefixes seen'),
    coverage: fact.ratio('share of the key space that was examined, 0–1'),
  },
  rows: {
    prefixes: {
      prefix: fact.text('prefix in the configuration'),
      seen: fact.count('keys seen'),
      withoutTtl: fact.count('of them without a TTL'),
      bytes: fact.bytes('memory of those seen, bytes'),
      example: fact.text('one of them, masked; null when there is none'),
    },
    blind: blindRows,
  },
  mend: 'They stay until somebody deletes them, and fill the memory. Find who writes them without EX (SET … EX, EXPIRE), then EXPIRE the old ones in small batches with SCAN; never with KEYS.',
  privilege: PRIVILEGE,
  options: z.strictObject({ warning: limit.warning(1), critical: limit.none() }),
  make: () => async (context: RedisCheckContext) => {
    const { expiring: configured } = context;
    if (configured.length === 0) {
      throw new Unanswered(
        'not-applicable',
        'no prefixes are configured',
        'Name the prefixes of keys that should expire under `expiring` of the target: [session:, cache:].'
      );
    }
    const { coverage, expiring, blind } = await context.keySpace();
    const spot = blindSpot(blind, context, PRIVILEGE);
    const prefixes = [...expiring].map(([prefix, { keys, withoutTtl, bytes, example }]) => ({
      ...{ prefix, seen: keys, withoutTtl, bytes, example },
    }));
    const total = (name: 'seen' | 'withoutTtl'): number => prefixes.reduce((sum, each) => sum + each[name], 0);
    // Nothing could be read: then nothing is known, and it is not 0.
    const withoutTtl = coverage === 0 && blind.length > 0 ? null : total('withoutTtl');
    const found = prefixes.filter((each) => each.withoutTtl > 0);
    return {
      value: withoutTtl,
      summary:
        (withoutTtl === null
          ? 'no key could be read'
          : found.length === 0
            ? `every key${coverage < 1 ? ' seen' : ''} under ${configured.join(', ')} expires`
            : found
                .map((each) => `${each.withoutTtl} of ${each.seen} keys under ${each.prefix} never expire`)
                .join('; ')) +
        (coverage < 1 ? `; ${Math.floor(coverage * 100)} % of the keys seen so far` : '') +
        spot.says,
      fields: {
        withoutTtl,
        estimated: withoutTtl !== null && coverage > 0 ? Math.round(withoutTtl / coverage) : null,
        seen: total('seen'),
        coverage,
      },
      rows: { prefixes, blind: spot.rows },
      ...(found.length === 0 ? spot.unknown : {}),
    };
  },
});
