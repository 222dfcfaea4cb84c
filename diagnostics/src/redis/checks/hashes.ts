/** Counters that an application keeps in a hash: one number a field, as `tenant:active_executions`. */
import { quote } from '@live-runbooks/engine';
import { z } from 'zod';
import { STATES, Unanswered, defineCheck, judge, worse } from '../../model/check';
import { fact } from '../../model/fact';
import type { RedisCheckContext } from '../context';
import { fullKey } from '../keyName';
import { askEach } from '../keyed';
import type { Answer, Reply } from '../session';

/** A hash with more fields is no set of counters, and reading it whole would block the server. */
const MOST_FIELDS = 2000;
const ROWS = 50;

const PRIVILEGE = '(+hgetall +hlen %R~<key>)';

export const hashes = defineCheck({
  id: 'redis.hashes',
  title: 'Counters in the configured hashes',
  kind: 'redis',
  asks: `HLEN, then HGETALL of each configured hash with at most ${MOST_FIELDS} fields`,
  value: fact.count('none: each field of a configured hash is judged by itself'),
  fields: {},
  configured: { fields: fact.number('total of the configured hash of this name') },
  rows: {
    hashes: {
      name: fact.text('name in the configuration; also the name of the field with the total'),
      key: fact.text('key'),
      fields: fact.count('fields of the hash; 0: the key does not exist; null: it could not be read'),
      total: fact.number('sum of its numbers'),
      largest: fact.number('the largest number'),
      share: fact.ratio('share of the largest in the total, 0–1: how uneven it is'),
    },
    values: {
      name: fact.text('name in the configuration'),
      field: fact.text('field of the hash, a tenant for example'),
      value: fact.number('its number; null when it is none'),
      state: fact.word(STATES, 'judged by the thresholds of the configuration (per field); unknown: it is no number'),
    },
  },
  mend: 'One field at its limit: that tenant is throttled, or its executions do not end. All of them: too few workers. A number that never falls although nothing runs: a counter that was not decremented after a crash.',
  privilege: PRIVILEGE,
  options: z.strictObject({}),
  make: () => async (context: RedisCheckContext) => {
    const { hashes: configured, explain } = context;
    if (configured.length === 0) {
      throw new Unanswered(
        'not-applicable',
        'no hashes are configured',
        'Name them under `hashes` of the target: [{name, key, warning, critical}], and allow HGETALL of these keys.'
      );
    }
    const lengths = await askEach(context, configured, ({ key }) => ['HLEN', key]);
    const readable = (length: Answer | undefined): boolean => typeof length === 'number' && length <= MOST_FIELDS;
    // Names of fields may be any bytes.
    const replies = await askEach(
      context,
      configured,
      ({ key }, index) =>
        readable(lengths[index]) ? ['HGETALL', Buffer.from(key, 'utf8').toString('latin1')] : undefined,
      'latin1'
    );
    let state: 'ok' | 'warning' | 'critical' = 'ok';
    const over: string[] = [];
    const totals: Record<string, number | null> = {};
    const unread: Array<ReturnType<typeof explain> & { name: string }> = [];
    const read = configured.map(({ name, key, warning, critical }, index) => {
      const refusal = refusalOf(key, lengths[index] ?? null, replies[index] ?? null);
      if (refusal !== undefined) {
        unread.push({ name, ...explain(refusal, PRIVILEGE) });
        totals[name] = null;
        return { rows: [], row: { ...{ name, key, fields: null, total: null, largest: null }, share: null } };
      }
      const threshold = {
        ...(warning === undefined ? {} : { warning }),
        ...(critical === undefined ? {} : { critical }),
      };
      const values = pairsOf(replies[index] as Reply)
        .map(([field, text]) => ({ field: fullKey(field), value: numberIn(text) }))
        .sort((a, b) => (b.value ?? -Infinity) - (a.value ?? -Infinity));
      const rows = values.map(({ field, value }) => {
        const judged = value === null ? ('unknown' as const) : judge(value, threshold);
        if (judged === 'warning' || judged === 'critical') {
          over.push(`${field.slice(0, 100)} has ${value ?? 0}`);
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
    const shown = read.flatMap(({ row }) =>
      row.fields === null ? [] : `${row.name}: ${row.total} in ${row.fields} fields`
    );
    const blind = unread.map(({ name, summary }) => `${name} is not known: ${summary}`);
    const [first] = unread;
    return {
      value: null,
      summary: [...(over.length > 0 ? [over.slice(0, 5).join(', ')] : []), [...shown, ...blind].join(', ')].join('; '),
      fields: totals,
      rows: { hashes: read.map(({ row }) => row), values: read.flatMap(({ rows }) => rows).slice(0, ROWS) },
      ...(state === 'ok' && first !== undefined ? { unknown: { reason: first.reason, mend: first.mend } } : {}),
      ...(state === 'ok' ? {} : { atLeast: state }),
    };
  },
});

/** Why this hash is not known; undefined: it is. The statement names the key: HGETALL is allowed for it alone. */
function refusalOf(key: string, length: Answer, values: Answer): Error | undefined {
  if (typeof length === 'number' && length > MOST_FIELDS) {
    return new Unanswered(
      'not-applicable',
      `it has ${length} fields, more than the ${MOST_FIELDS} that are read`,
      'Name the key under `lists` of the target: redis.lists watches its length.'
    );
  }
  const error = length instanceof Error ? length : values instanceof Error ? values : undefined;
  if (error === undefined) {
    return undefined;
  }
  if (error.message.startsWith('NOPERM')) {
    // redis-cli takes what stands in parentheses as one argument, unless the key has to be quoted.
    const rule = `(+hgetall +hlen %R~${key})`;
    const plain = /^[\x21\x23-\x26\x28-\x5b\x5d-\x7e]+$/.test(key);
    return new Unanswered('no-permission', error.message, `ACL SETUSER {user} ${plain ? rule : quote.redis(rule)}`);
  }
  return error.message.startsWith('WRONGTYPE')
    ? new Unanswered(
        'not-configured',
        error.message,
        'The key is no hash: correct `key`, or name it under `lists` of the target.'
      )
    : error;
}

function pairsOf(reply: Reply): Array<[string, string]> {
  const flat = Array.isArray(reply) ? (reply as readonly Reply[]).map(String) : [];
  return flat.flatMap((field, index): Array<[string, string]> =>
    index % 2 === 0 ? [[field, flat[index + 1] ?? '']] : []
  );
}

const numberIn = (text: string): number | null => (/^-?\d{1,15}(\.\d+)?$/.test(text) ? Number(text) : null);
