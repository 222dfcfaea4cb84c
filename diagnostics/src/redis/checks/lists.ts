/** Lengths of the keys that the configuration names: queues, sets of active work. */
import { z } from 'zod';
import { Unanswered, defineCheck, judge, worse } from '../../model/check';
import { fact } from '../../model/fact';
import type { RedisCheckContext } from '../context';
import { askEach } from '../keyed';
import { LENGTH } from '../length';

const PRIVILEGE = '%R~<key> +type +llen +hlen +scard +zcard +xlen +strlen';

export const lists = defineCheck({
  id: 'redis.lists',
  title: 'Lengths of the configured keys',
  kind: 'redis',
  asks: 'TYPE, and LLEN, HLEN, SCARD, ZCARD, XLEN or STRLEN of each configured key',
  value: fact.count('none: each configured key is judged by itself'),
  fields: {},
  configured: { fields: fact.count('length of the configured key of this name') },
  rows: {
    keys: {
      name: fact.text('name in the configuration; also the name of the field with the length'),
      key: fact.text('key'),
      type: fact.text(
        'list, hash, set, zset, stream or string; none: the key does not exist, as an empty list does not; unknown: it could not be asked'
      ),
      length: fact.count('elements (bytes of a string); null: it could not be asked'),
      threshold: fact.count('the configured threshold that its state is judged by'),
    },
  },
  mend: 'See what takes from it (workers down, slow, too few) and what adds to it (a surge, retries). Look with LRANGE key 0 9, never at the whole list.',
  privilege: PRIVILEGE,
  options: z.strictObject({}),
  make: () => async (context: RedisCheckContext) => {
    const { lists: configured, explain } = context;
    if (configured.length === 0) {
      throw new Unanswered(
        'not-configured',
        'no keys are configured',
        'Name them under `lists` of the target: [{name, key, warning, critical}].'
      );
    }
    const types = await askEach(context, configured, ({ key }) => ['TYPE', key]);
    const lengths = await askEach(context, configured, ({ key }, index) => {
      const command = LENGTH[String(types[index])];
      return command === undefined ? undefined : [command, key];
    });
    let state: 'ok' | 'warning' | 'critical' = 'ok';
    const fields: Record<string, number | null> = {};
    const over: string[] = [];
    const unread: Array<ReturnType<typeof explain> & { name: string }> = [];
    const keys = configured.map(({ name, key, warning, critical }, index) => {
      const [type, answer] = [types[index] ?? null, lengths[index] ?? null];
      const threshold = warning ?? critical ?? null;
      const refusal = type instanceof Error ? type : answer instanceof Error ? answer : unsized(String(type), answer);
      if (refusal !== undefined) {
        unread.push({ name, ...explain(refusal, PRIVILEGE) });
        fields[name] = null;
        return { name, key, type: 'unknown', length: null, threshold };
      }
      const length = Number(answer ?? 0);
      const judged = judge(length, {
        ...(warning === undefined ? {} : { warning }),
        ...(critical === undefined ? {} : { critical }),
      });
      if (judged !== 'ok') {
        over.push(`${name} holds ${length}`);
      }
      state = worse(state, judged) as typeof state;
      fields[name] = length;
      return { name, key, type: String(type), length, threshold };
    });
    const [first] = unread;
    const told =
      over.length > 0 ? over : keys.flatMap(({ name, length }) => (length === null ? [] : `${name}: ${length}`));
    return {
      value: null,
      summary: [...told, ...unread.map(({ name, summary }) => `${name} is not known: ${summary}`)].join(', '),
      fields,
      rows: { keys },
      ...(state === 'ok' && first !== undefined ? { unknown: { reason: first.reason, mend: first.mend } } : {}),
      ...(state === 'ok' ? {} : { atLeast: state }),
    };
  },
});

/** Types of modules have a length that only the module knows. */
const unsized = (type: string, answer: unknown): Unanswered | undefined =>
  answer !== null || type === 'none'
    ? undefined
    : new Unanswered('not-applicable', `it is of the type ${type}, whose length is not known`, 'Name another key.');
