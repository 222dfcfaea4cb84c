/** Replication slots: a slot that nobody reads keeps WAL until the disk is full. */
import { z } from 'zod';
import { defineCheck, limit } from '../../model/check';
import { fact } from '../../model/fact';
import type { PostgresCheckContext } from '../context';
import { cellText } from '../cells';

const LOST =
  "Its WAL is gone, so starting its consumer does not help: build that replica anew (pg_basebackup), or drop and create the subscription with a fresh copy of its tables; then SELECT pg_drop_replication_slot('<slot>'). Raise max_slot_wal_keep_size if the disk allows it.";
const isLost = (slot: { readonly trouble: string | null } | undefined): boolean =>
  slot?.trouble?.startsWith('lost') ?? false;

function slotsSql(version: number): string {
  const tells = version >= 170_000;
  return `
    SELECT slot_name AS slot, slot_type AS type, datoid, active, wal_status, safe_wal_size AS safe,
           pg_wal_lsn_diff(CASE WHEN pg_is_in_recovery() THEN coalesce(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn())
                                ELSE pg_current_wal_lsn() END, restart_lsn) AS retained,
           ${tells ? 'extract(epoch FROM clock_timestamp() - inactive_since)::float8' : 'NULL::float8'} AS inactive,
           ${tells ? 'invalidation_reason' : 'NULL::text'} AS reason
    FROM pg_get_replication_slots() WHERE NOT temporary ORDER BY retained DESC NULLS FIRST LIMIT 200`;
}

export const replicationSlots = defineCheck({
  id: 'postgres.replication_slots',
  title: 'Replication slots and the WAL that they keep',
  kind: 'postgres',
  asks: 'pg_get_replication_slots (wal_status and safe_wal_size; from 17 on inactive_since and invalidation_reason)',
  value: 'troubled',
  fields: {
    slots: fact.count('replication slots, temporary ones left out'),
    troubled: fact.count('slots that are inactive for long, keep too much, or are lost'),
    retainedBytes: fact.bytes('WAL that the slot furthest behind keeps; 0 without slots'),
  },
  rows: {
    slots: {
      slot: fact.text('slot'),
      type: fact.word(['physical', 'logical'], 'its type'),
      database: fact.text('database of a logical slot'),
      active: fact.flag('somebody reads it now'),
      inactiveSeconds: fact.seconds(
        'seconds without a reader: by the server from 17 on, else since this service first saw it so; null: active'
      ),
      retainedBytes: fact.bytes('WAL that it keeps; null when it keeps none'),
      walStatus: fact.text('reserved, extended (above max_wal_size), unreserved (about to be lost), lost'),
      safeWalBytes: fact.bytes('WAL that may be written before it is lost; null without max_slot_wal_keep_size'),
      reason: fact.text('why it was invalidated (17 and later)'),
      trouble: fact.text('what is wrong with it; null when nothing is'),
    },
  },
  mend: "Start its consumer. Only if it will never come back: SELECT pg_drop_replication_slot('<slot>'); that replica or subscriber has to be built anew. Then set max_slot_wal_keep_size, so that a slot is lost before the disk is full.",
  privilege: 'CONNECT on the database',
  options: z.strictObject({
    warning: limit.warning(1),
    critical: limit.none(),
    inactiveSeconds: z.number().min(0).default(60),
    /** A slot that keeps this much is troubled even while it is read. Bytes. */
    retainedBytes: z
      .number()
      .min(0)
      .default(10 * 1024 ** 3),
  }),
  make: (options) => {
    const inactiveSince = new Map<string, number>();
    return async (context: PostgresCheckContext) => {
      const rows = (await context.shared.hasAny('slots')) ? await context.ask(slotsSql(context.version)) : [];
      for (const name of [...inactiveSince.keys()]) {
        if (!rows.some((row) => row.slot === name && row.active !== true)) {
          inactiveSince.delete(name);
        }
      }
      const slots = rows.map((row) => {
        const slot = String(row.slot);
        const active = row.active === true;
        if (!active && !inactiveSince.has(slot)) {
          inactiveSince.set(slot, context.now);
        }
        const seen = (context.now - (inactiveSince.get(slot) ?? context.now)) / 1000;
        const inactiveSeconds = active ? null : Math.max(0, row.inactive === null ? seen : Number(row.inactive));
        const retainedBytes = row.retained === null ? null : Math.max(0, Number(row.retained));
        const walStatus = cellText(row.wal_status);
        const trouble =
          walStatus === 'lost' || row.reason !== null
            ? 'lost: its WAL is gone'
            : walStatus === 'unreserved'
              ? 'about to be lost: its WAL is no longer kept'
              : inactiveSeconds !== null && inactiveSeconds >= options.inactiveSeconds
                ? `nobody reads it for ${Math.round(inactiveSeconds)} s`
                : walStatus === 'extended'
                  ? 'keeps more than max_wal_size'
                  : retainedBytes !== null && retainedBytes >= options.retainedBytes
                    ? 'keeps much WAL'
                    : null;
        return {
          slot,
          type: row.type === 'logical' ? ('logical' as const) : ('physical' as const),
          database: context.names.databaseName(row.datoid === null ? null : Number(row.datoid)),
          active,
          inactiveSeconds: inactiveSeconds === null ? null : Math.floor(inactiveSeconds * 10) / 10,
          retainedBytes,
          walStatus,
          safeWalBytes: row.safe === null ? null : Number(row.safe),
          reason: cellText(row.reason),
          trouble,
        };
      });
      const troubled = slots.filter((each) => each.trouble !== null);
      const first = troubled[0];
      const critical = troubled.some((each) => each.walStatus === 'lost' || each.walStatus === 'unreserved');
      return {
        value: troubled.length,
        summary:
          first === undefined
            ? slots.length === 0
              ? 'no replication slot'
              : `${slots.length} replication slots, all well`
            : `${first.slot}: ${first.trouble}${first.retainedBytes === null ? '' : `; it keeps ${Math.round(first.retainedBytes / 1024 / 1024)} MB of WAL`}`,
        fields: {
          slots: slots.length,
          troubled: troubled.length,
          retainedBytes: Math.max(0, ...slots.map((each) => each.retainedBytes ?? 0)),
        },
        rows: { slots: slots.slice(0, 50) },
        ...(critical ? { atLeast: 'critical' as const } : {}),
        ...(isLost(first) ? { mend: LOST } : {}),
      };
    };
  },
});
