/** Counters that an application keeps in a hash: one number a field, as `tenant:active_executions`. */
import { z } from 'zod';
import { Unanswered, defineCheck, judge, worse } from '../../model/check';
import type { RedisCheckContext } from '../context';
import type { Reply } from '../session';

/** A hash with more fields is no set of counters, and reading it whole would block the server. */
const MOST_FIELDS = 2000;
const ROWS = 50;

export const hashes = defineCheck({
  id: 'redis.hashes',
  title: 'Counters in the configured hashes',
  kind: 'redis',
  asks: `HLEN, then HGETALL of each configured hash with at most ${MOST_FIELDS} fields`,
  unit: 'short',
  fields: {},
  rows: {
    hashes: {
      name: 'name in the configuration; also the name of the field with the total',
      key: 'key',
      fields: 'fields of the hash; 0: the key does not exist',
      total: 'sum of its numbers',
      largest: 'the largest number',
      share: 'share of the largest in the total, 0–1: how uneven it is',
    },
    values: {
      name: 'name in the configuration',
      field: 'field of the hash, a tenant for example',
      value: 'its number; null when it is none',
      state: 'judged by the thresholds of the configuration (per field)',
    },
  },
  mend: 'One field at its limit: that tenant is throttled, or its executions do not end. All of them: too few workers. A number that never falls although nothing runs: a counter that was not decremented after a crash.',
  privilege: '(+hgetall +hlen %R~<key>)',
  options: z.strictObject({}),
  make:
    () =>
    async ({ ask, hashes: configured }: RedisCheckContext) => {
      if (configured.length === 0) {
        throw new Unanswered(
          'not-applicable',
          'no hashes are configured',
          'Name them under `hashes` of the target: [{name, key, warning, critical}], and allow HGETALL of these keys.'
        );
      }
      const lengths = await ask(configured.map(({ key }) => ['HLEN', key]));
      lengths.forEach((reply, index) => {
        if (reply instanceof Error) {
          throw refusal(reply, configured[index]?.key ?? '');
        }
        if (Number(reply) > MOST_FIELDS) {
          throw new Unanswered(
            'not-applicable',
            `${configured[index]?.name ?? ''} has ${Number(reply)} fields, more than the ${MOST_FIELDS} that are read`,
            'redis.lists watches its length.'
          );
        }
      });
      const replies = await ask(configured.map(({ key }) => ['HGETALL', key]));
      let state: 'ok' | 'warning' | 'critical' = 'ok';
      const over: string[] = [];
      const totals: Record<string, number> = {};
      const read = configured.map(({ name, key, warning, critical }, index) => {
        const reply = replies[index];
        if (reply instanceof Error) {
          throw refusal(reply, key);
        }
        const threshold = {
          ...(warning === undefined ? {} : { warning }),
          ...(critical === undefined ? {} : { critical }),
        };
        const values = pairsOf(reply ?? null)
          .map(([field, text]) => ({ field, value: numberIn(text) }))
          .sort((a, b) => (b.value ?? -Infinity) - (a.value ?? -Infinity));
        const rows = values.map(({ field, value }) => {
          const judged = value === null ? 'unknown' : judge(value, threshold);
          if (judged === 'warning' || judged === 'critical') {
            over.push(`${field} has ${value ?? 0}`);
            state = worse(state, judged) as typeof state;
          }
          return { name, field: field.slice(0, 100), value, state: judged };
        });
        const total = values.reduce((sum, { value }) => sum + (value ?? 0), 0);
        const largest = values[0]?.value ?? null;
        totals[name] = total;
        return {
          rows,
          row: {
            ...{ name, key, fields: values.length, total, largest },
            share: largest === null || total === 0 ? null : Math.round((largest / total) * 1000) / 1000,
          },
        };
      });
      const shown = read.map(({ row }) => `${row.name}: ${row.total} in ${row.fields} fields`).join(', ');
      return {
        value: null,
        summary: over.length > 0 ? `${over.slice(0, 5).join(', ')}; ${shown}` : shown,
        fields: totals,
        rows: { hashes: read.map(({ row }) => row), values: read.flatMap(({ rows }) => rows).slice(0, ROWS) },
        ...(state === 'ok' ? {} : { atLeast: state }),
      };
    },
});

/** The statement names the key: HGETALL is allowed for it alone. */
function refusal(error: Error, key: string): Error {
  return /^NOPERM/.test(error.message)
    ? new Unanswered('no-permission', error.message, `ACL SETUSER {user} (+hgetall +hlen %R~${quoted(key)})`)
    : error;
}

const quoted = (key: string): string => (/^[\x21-\x7e]+$/.test(key) ? key : JSON.stringify(key));

function pairsOf(reply: Reply): Array<[string, string]> {
  const flat = Array.isArray(reply) ? (reply as readonly Reply[]).map(String) : [];
  return flat.flatMap((field, index): Array<[string, string]> =>
    index % 2 === 0 ? [[field, flat[index + 1] ?? '']] : []
  );
}

const numberIn = (text: string): number | null => (/^-?\d{1,15}(\.\d+)?$/.test(text) ? Number(text) : null);
