import { z } from 'zod';
import { NO_RATE_YET, Unanswered, defineCheck, limit } from '../../model/check';
import { round3 } from '../../model/clock';
import { fact } from '../../model/fact';
import type { RedisCheckContext } from '../context';
import { EntryCounter, isOwn, readSlowlog } from '../slowlog';

const KINDS = ['large-request', 'large-reply'] as const;

export const commandlog = defineCheck({
  id: 'redis.commandlog',
  title: 'Large requests and replies (Valkey)',
  kind: 'redis',
  asks: 'of Valkey 8.1 and later: COMMANDLOG GET 32 large-request, COMMANDLOG GET 32 large-reply',
  value: 'perMinute',
  fields: {
    perMinute: fact.perMinute(
      'requests and replies a minute that are larger than commandlog-request-larger-than and commandlog-reply-larger-than (1 MB), without those of this service; null before the second round'
    ),
    requestsPerMinute: fact.perMinute('of them, requests'),
    repliesPerMinute: fact.perMinute('of them, replies'),
  },
  rows: {
    entries: {
      kind: fact.word(KINDS, 'which of the two logs'),
      at: fact.time('when (ISO 8601)'),
      bytes: fact.bytes('its size'),
      command: fact.text('the command without its arguments'),
    },
  },
  mend: 'Large values block everybody while they are copied, and fill the buffers of clients: read parts (GETRANGE, HSCAN, LRANGE), split the value, or write it in pieces.',
  privilege: '+info +commandlog|get',
  options: z.strictObject({
    warning: limit.warning(10),
    critical: limit.none(),
    windowSeconds: z.number().int().min(10).max(3600).default(60),
  }),
  make: (options) => {
    const counters = KINDS.map(() => new EntryCounter(options.windowSeconds));
    return async ({ info, ask, now, self }: RedisCheckContext) => {
      const [major = 0, minor = 0] = (info.get('valkey_version') ?? '').split('.').map(Number);
      if (major < 8 || (major === 8 && minor < 1)) {
        throw new Unanswered(
          'not-applicable',
          'this server keeps no log of large requests and replies: it is no Valkey of 8.1 or later',
          'Nothing is to be done.'
        );
      }
      const answers = await ask(KINDS.map((kind) => ['COMMANDLOG', 'GET', '32', kind]));
      const logs = answers.map(readSlowlog);
      const rates = logs.map((entries, index) => counters[index]?.perMinute(entries, self, now) ?? null);
      const [requestsPerMinute = null, repliesPerMinute = null] = rates;
      const perMinute =
        requestsPerMinute === null || repliesPerMinute === null ? null : round3(requestsPerMinute + repliesPerMinute);
      const entries = KINDS.flatMap((kind, index) =>
        (logs[index] ?? [])
          .filter((each) => !isOwn(each, self))
          .map(({ at, micros, command }) => ({ kind, at, bytes: micros, command }))
      ).sort((a, b) => (a.at < b.at ? 1 : -1));
      const [newest] = entries;
      return {
        value: perMinute,
        summary:
          perMinute === null
            ? 'no rate yet, the next round has one'
            : perMinute > 0 && newest !== undefined
              ? `${perMinute} large requests and replies a minute; the last: ${newest.command}, ${newest.bytes} bytes (${newest.kind})`
              : 'no large request or reply lately',
        fields: { perMinute, requestsPerMinute, repliesPerMinute },
        rows: { entries: entries.slice(0, 16) },
        ...(perMinute === null ? { unknown: NO_RATE_YET } : {}),
      };
    };
  },
});
