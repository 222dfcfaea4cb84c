/**
 * How far replicas are behind, seen from the primary or from the replica. An idle primary makes a replica look late by the
 * clock, so seconds count only while something is missing.
 */
import { z } from 'zod';
import { Unanswered, defineCheck, limit } from '../../model/check';
import { fact } from '../../model/fact';
import type { PostgresCheckContext } from '../context';
import { cellText } from '../cells';

const FEW_BYTES = 64 * 1024;
const SENDERS = `
  SELECT a.application_name AS application, host(a.client_addr) AS address, w.state, w.sync_state AS sync,
         pg_wal_lsn_diff(pg_current_wal_lsn(), w.sent_lsn) AS unsent,
         pg_wal_lsn_diff(pg_current_wal_lsn(), w.replay_lsn) AS behind,
         extract(epoch FROM w.replay_lag)::float8 AS lag
  FROM pg_stat_get_wal_senders() w JOIN pg_stat_get_activity(NULL) a ON a.pid = w.pid`;

export const replication = defineCheck({
  id: 'postgres.replication',
  title: 'Replication lag',
  kind: 'postgres',
  asks: 'on a primary pg_stat_get_wal_senders; on a replica the received and replayed positions, pg_last_xact_replay_timestamp, pg_is_wal_replay_paused, pg_stat_get_wal_receiver',
  value: 'lagSeconds',
  fields: {
    role: fact.word(['primary', 'replica'], 'primary or replica'),
    lagSeconds: fact.seconds('the largest replay lag; null when it is not known'),
    lagBytes: fact.bytes('WAL that the replica furthest behind has not replayed'),
    replicas: fact.count('replicas that stream now; null on a replica'),
    paused: fact.flag('replay is paused; null on a primary'),
    receiving: fact.flag('the replica receives WAL from its primary; null on a primary'),
  },
  rows: {
    replicas: {
      application: fact.text('application_name of the replica'),
      address: fact.text('its address'),
      state: fact.text('streaming, catchup, backup, …'),
      sync: fact.text('async, sync, quorum, potential'),
      sentBytes: fact.bytes('WAL that was not sent to it yet'),
      replayBytes: fact.bytes('WAL that it has not replayed yet'),
      lagSeconds: fact.seconds('replay lag in seconds; null when nothing was written lately'),
    },
  },
  mend: 'On the replica: is replay paused (SELECT pg_wal_replay_resume()), does a long query hold it up (max_standby_streaming_delay), is its disk slow, does the network drop? See postgres.replication_slots on the primary for WAL that piles up meanwhile.',
  privilege: 'GRANT pg_read_all_stats (in pg_monitor)',
  needsStatistics: true,
  options: z.strictObject({
    warning: limit.warning(30),
    critical: limit.critical(300),
    /** Fewer replicas than this on a primary are critical. */
    expectReplicas: z.number().int().min(0).default(0),
  }),
  make: (options) => async (context: PostgresCheckContext) => {
    const { replica } = await context.shared.counted('server');
    return replica === true ? onReplica(context) : onPrimary(context, options.expectReplicas);
  },
});

async function onPrimary({ ask, shared }: PostgresCheckContext, expected: number) {
  // Replicas whose sessions are hidden from this role would look as if they had told nothing.
  await shared.activity();
  const rows = (await shared.hasAny('replicas')) ? await ask(SENDERS) : [];
  const replicas = rows
    .filter((row) => row.state !== 'backup')
    .map((row) => ({
      application: cellText(row.application),
      address: cellText(row.address),
      state: cellText(row.state),
      sync: cellText(row.sync),
      sentBytes: row.unsent === null ? null : Math.max(0, Number(row.unsent)),
      replayBytes: row.behind === null ? null : Math.max(0, Number(row.behind)),
      // The server tells no lag while nothing is written; a few records on their way are no lag either.
      lagSeconds: isCaughtUp(row)
        ? 0
        : row.lag === null
          ? null
          : Math.max(0, Math.round(Number(row.lag) * 1000) / 1000),
    }))
    .sort((a, b) => (b.replayBytes ?? 0) - (a.replayBytes ?? 0));
  if (replicas.length === 0 && expected === 0) {
    throw new Unanswered('not-applicable', 'a primary without replicas', 'Set expectReplicas if there should be some.');
  }
  const lags = replicas.map((each) => each.lagSeconds).filter((each) => each !== null);
  const lagSeconds = lags.length > 0 ? Math.max(...lags) : null;
  const lagBytes = replicas[0]?.replayBytes ?? null;
  const missing = replicas.length < expected;
  return {
    value: lagSeconds,
    summary: missing
      ? `${replicas.length} of ${expected} replicas stream`
      : `${replicas.length} ${replicas.length === 1 ? 'replica' : 'replicas'}; the furthest behind by ${lagBytes ?? '?'} bytes, ${lagSeconds ?? '?'} s`,
    fields: {
      role: 'primary' as const,
      lagSeconds,
      lagBytes,
      replicas: replicas.length,
      paused: null,
      receiving: null,
    },
    rows: { replicas: replicas.slice(0, 50) },
    ...(missing ? { atLeast: 'critical' as const } : {}),
    ...(lagSeconds === null && !missing
      ? {
          unknown: {
            reason: 'no-series' as const,
            mend:
              lagBytes === null
                ? 'The replica has not reported a replay position yet: ask again, and ask the replica itself.'
                : `The server does not tell the lag in seconds yet; in bytes it is ${lagBytes}. Ask again, and ask the replica itself.`,
          },
        }
      : {}),
  };
}

const isCaughtUp = ({ state, behind }: Readonly<Record<string, unknown>>): boolean =>
  state === 'streaming' && behind !== null && Number(behind) <= FEW_BYTES;

async function onReplica({ ask }: PostgresCheckContext) {
  const [row] = await ask(
    `SELECT pg_is_wal_replay_paused() AS paused,
            pg_wal_lsn_diff(pg_last_wal_receive_lsn(), pg_last_wal_replay_lsn()) AS behind,
            extract(epoch FROM clock_timestamp() - pg_last_xact_replay_timestamp())::float8 AS lag,
            (SELECT status FROM pg_stat_get_wal_receiver()) AS receiver,
            current_setting('primary_conninfo') AS primary`
  );
  if (row?.receiver === null && row.primary === '' && row.paused !== true) {
    throw new Unanswered(
      'not-applicable',
      'a standby that is fed from an archive: without a connection to its primary it does not know what it lacks',
      'Compare pg_last_wal_replay_lsn() here with pg_current_wal_lsn() on the primary.'
    );
  }
  const paused = row?.paused === true;
  const receiving = row?.receiver === 'streaming';
  const lagBytes = row?.behind === null || row?.behind === undefined ? null : Math.max(0, Number(row.behind));
  const clock =
    row?.lag === null || row?.lag === undefined ? null : Math.max(0, Math.round(Number(row.lag) * 1000) / 1000);
  // All that was received is replayed, and more would come: not late, however long ago the last write was.
  // A few records of an idle primary (after a restart: its checkpoint) are no lag either.
  const lagSeconds = receiving && !paused && lagBytes !== null && lagBytes <= FEW_BYTES ? 0 : clock;
  const parts = [
    ...(paused ? ['replay is paused'] : []),
    ...(receiving ? [] : ['nothing is received from the primary']),
    `behind by ${lagBytes ?? '?'} bytes, ${lagSeconds === null ? '?' : lagSeconds.toFixed(1)} s`,
  ];
  return {
    value: lagSeconds,
    summary: parts.join('; '),
    fields: { role: 'replica' as const, lagSeconds, lagBytes, replicas: null, paused, receiving },
    ...(paused || !receiving ? { atLeast: 'warning' as const } : {}),
    ...(paused
      ? {
          mend: 'SELECT pg_wal_replay_resume(); unless somebody paused it on purpose (ask; a restore or a backup may be running).',
        }
      : {}),
    ...(lagSeconds === null && !paused && receiving
      ? {
          unknown: {
            reason: 'no-series' as const,
            mend: 'No transaction has been replayed yet: ask again after the next write on the primary.',
          },
        }
      : {}),
  };
}
