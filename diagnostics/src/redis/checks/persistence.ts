import { z } from 'zod';
import { Unanswered, defineCheck } from '../../model/check';
import { fact } from '../../model/fact';
import type { RedisCheckContext } from '../context';
import { infoNumber } from '../info';

export const persistence = defineCheck({
  id: 'redis.persistence',
  title: 'Saving to disk',
  kind: 'redis',
  asks: 'INFO persistence',
  value: fact.count('1 saving works, 0 it fails'),
  fields: {
    lastSaveOk: fact.flag('the last RDB save succeeded (true before the first)'),
    lastSaveAgeSeconds: fact.seconds('seconds since the last successful save, or since the start'),
    changesSinceLastSave: fact.count('changes that only memory holds'),
    aofOk: fact.flag('the last AOF write and rewrite succeeded; null when AOF is off'),
    aofEnabled: fact.flag('AOF is on'),
    loading: fact.flag('the server reads its data from disk'),
    saving: fact.flag('a save or rewrite runs now'),
  },
  rows: {},
  mend: 'The log of Redis names the reason (disk full, directory gone, permissions, no memory to fork). Mend it, then BGSAVE.',
  privilege: '+info',
  below: true,
  options: z.strictObject({
    critical: z.number().default(0),
    /** A server that saves, and has not for this long although there are changes, is a warning. Seconds. */
    maxSaveAgeSeconds: z
      .number()
      .min(60)
      .default(48 * 3600),
  }),
  make:
    (options) =>
    ({ info, now }: RedisCheckContext) => {
      const status = info.get('rdb_last_bgsave_status');
      if (status === undefined) {
        throw new Unanswered(
          'not-applicable',
          'INFO has no persistence section',
          'This service hides it; ask its provider.'
        );
      }
      const flag = (name: string): boolean => info.get(name) === '1';
      const lastSaveOk = status === 'ok';
      const aofEnabled = flag('aof_enabled');
      const aofOk = aofEnabled
        ? info.get('aof_last_write_status') === 'ok' && info.get('aof_last_bgrewrite_status') !== 'err'
        : null;
      const savedAt = infoNumber(info, 'rdb_last_save_time');
      const lastSaveAgeSeconds = savedAt === null ? null : Math.max(0, Math.round(now / 1000 - savedAt));
      const changes = infoNumber(info, 'rdb_changes_since_last_save');
      // A server that was told never to save has never saved since its start.
      const saves =
        (infoNumber(info, 'rdb_saves') ?? 0) > 0 || (infoNumber(info, 'rdb_last_bgsave_time_sec') ?? -1) >= 0;
      const old = saves && (changes ?? 0) > 0 && (lastSaveAgeSeconds ?? 0) > options.maxSaveAgeSeconds;
      const ok = lastSaveOk && aofOk !== false;
      return Promise.resolve({
        value: ok ? 1 : 0,
        summary: !lastSaveOk
          ? 'the last RDB save failed'
          : aofOk === false
            ? 'the last AOF write failed'
            : old
              ? `the last save is ${lastSaveAgeSeconds ?? 0} s old, with ${changes ?? 0} changes since`
              : 'saving works, or is not asked for',
        fields: {
          lastSaveOk,
          lastSaveAgeSeconds,
          changesSinceLastSave: changes,
          aofOk,
          aofEnabled,
          loading: flag('loading'),
          saving: flag('rdb_bgsave_in_progress') || flag('aof_rewrite_in_progress'),
        },
        ...(old ? { atLeast: 'warning' as const } : {}),
      });
    },
});
