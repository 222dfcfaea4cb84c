/** Lengths of the keys that the configuration names: queues, sets of active work. */
import { z } from 'zod';
import { Unanswered, defineCheck, judge, worse } from '../../model/check';
import { describe } from '../../model/thrown';
import type { RedisCheckContext } from '../context';

const LENGTH: Readonly<Record<string, string>> = {
  list: 'LLEN',
  hash: 'HLEN',
  set: 'SCARD',
  zset: 'ZCARD',
  stream: 'XLEN',
  string: 'STRLEN',
};

export const lists = defineCheck({
  id: 'redis.lists',
  title: 'Lengths of the configured keys',
  kind: 'redis',
  asks: 'TYPE, and LLEN, HLEN, SCARD, ZCARD, XLEN or STRLEN of each configured key',
  unit: 'short',
  fields: {},
  rows: {
    keys: {
      name: 'name in the configuration; also the name of the field with the length',
      key: 'key',
      type: 'list, hash, set, zset, stream or string; none: the key does not exist, as an empty list does not',
      length: 'elements (bytes of a string)',
      threshold: 'the configured threshold that its state is judged by',
    },
  },
  mend: 'See what takes from it (workers down, slow, too few) and what adds to it (a surge, retries). Look with LRANGE key 0 9, never at the whole list.',
  privilege: '%R~<key> +type +llen +hlen +scard +zcard +xlen +strlen',
  options: z.strictObject({}),
  make:
    () =>
    async ({ ask, lists: configured }: RedisCheckContext) => {
      if (configured.length === 0) {
        throw new Unanswered(
          'not-configured',
          'no keys are configured',
          'Name them under `lists` of the target: [{name, key, warning, critical}].'
        );
      }
      const types = await ask(configured.map(({ key }) => ['TYPE', key]));
      for (const type of types) {
        if (type instanceof Error) {
          throw type;
        }
      }
      const countable = configured.map(({ key }, index) => {
        const command = LENGTH[String(types[index])];
        return command === undefined ? undefined : [command, key];
      });
      const lengths = await ask(countable.filter((command) => command !== undefined));
      let next = 0;
      let state: 'ok' | 'warning' | 'critical' = 'ok';
      const fields: Record<string, number> = {};
      const over: string[] = [];
      const keys = configured.map(({ name, key, warning, critical }, index) => {
        const type = String(types[index]);
        let length = 0;
        if (countable[index] !== undefined) {
          const reply = lengths[next];
          next += 1;
          if (reply instanceof Error) {
            throw new Unanswered(
              'query-error',
              `${name}: ${describe(reply).message}`,
              'Ask again; the key changed its type meanwhile.'
            );
          }
          length = Number(reply);
        }
        const judged = judge(length, {
          ...(warning === undefined ? {} : { warning }),
          ...(critical === undefined ? {} : { critical }),
        });
        if (judged !== 'ok') {
          over.push(`${name} holds ${length}`);
        }
        state = worse(state, judged) as typeof state;
        fields[name] = length;
        return { name, key, type, length, threshold: warning ?? critical ?? null };
      });
      return {
        value: null,
        summary: over.length > 0 ? over.join(', ') : keys.map(({ name, length }) => `${name}: ${length}`).join(', '),
        fields,
        rows: { keys },
        ...(state === 'ok' ? {} : { atLeast: state }),
      };
    },
});
