import { z } from 'zod';
import { Unanswered, defineCheck, limit } from '../../model/check';
import { fact } from '../../model/fact';
import type { RedisCheckContext } from '../context';
import { hostPort } from '../hostPort';
import { infoNumber } from '../info';

const MB = 1024 * 1024;

interface Replica {
  readonly address: string;
  readonly state: string;
  readonly lagBytes: number | null;
  readonly lagSeconds: number | null;
}

export const replication = defineCheck({
  id: 'redis.replication',
  title: 'Replication: link and lag',
  kind: 'redis',
  asks: 'INFO replication',
  value: 'lagSeconds',
  fields: {
    role: fact.word(['master', 'replica'], 'master or replica'),
    link: fact.word(['up', 'down'], 'of a replica: up or down; null on a master'),
    linkDownSeconds: fact.seconds('of a replica: seconds since the link went down; null while it is up'),
    syncing: fact.flag('of a replica: a full copy is being received'),
    replicas: fact.count('of a master: replicas connected'),
    lagSeconds: fact.seconds(
      'the largest: seconds since a replica acknowledged, or since this replica heard of its master'
    ),
    lagBytes: fact.bytes('the largest: bytes of the replication stream not yet processed; null when not known'),
    goodReplicas: fact.count('replicas that count for min-replicas-to-write; null when that is off'),
  },
  rows: {
    replicas: {
      address: fact.text('host:port'),
      state: fact.text('online, wait_bgsave, send_bulk'),
      lagBytes: fact.bytes('bytes behind'),
      lagSeconds: fact.seconds('seconds since it acknowledged'),
    },
  },
  mend: 'Link down: is the master up, reachable from the replica, and masterauth right? The log of the replica says. Lag: the network, a slow replica (disk, CPU), or client-output-buffer-limit replica that is too small, so that it starts over again and again.',
  privilege: '+info',
  options: z.strictObject({
    warning: limit.warning(15),
    critical: limit.critical(30),
    lagBytes: z
      .number()
      .min(1)
      .default(64 * MB),
    /** A master with fewer connected replicas is a warning. */
    expectedReplicas: z.number().int().min(0).default(0),
  }),
  make:
    (options) =>
    ({ info }: RedisCheckContext) => {
      const role = info.get('role');
      if (role === undefined) {
        throw new Unanswered(
          'not-applicable',
          'INFO has no replication section',
          'This service hides it; ask its provider.'
        );
      }
      return Promise.resolve(role === 'slave' ? ofReplica(info, options) : ofMaster(info, options));
    },
});

interface Limits {
  readonly lagBytes: number;
  readonly expectedReplicas: number;
}

function ofReplica(info: ReadonlyMap<string, string>, limits: Limits) {
  const link = info.get('master_link_status') ?? null;
  const up = link === 'up';
  const heard = infoNumber(info, 'master_last_io_seconds_ago');
  const lagSeconds = heard === null || heard < 0 ? null : heard;
  const down = infoNumber(info, 'master_link_down_since_seconds');
  const syncing = info.get('master_sync_in_progress') === '1';
  const [read, done] = [infoNumber(info, 'slave_read_repl_offset'), infoNumber(info, 'slave_repl_offset')];
  const lagBytes = up && read !== null && done !== null ? Math.max(0, read - done) : null;
  const master = hostPort(info.get('master_host') ?? '', info.get('master_port') ?? '');
  const never = down === null || down < 0;
  return {
    value: lagSeconds,
    summary: up
      ? `replica of ${master}, heard of it ${lagSeconds ?? 0} s ago`
      : `the link to the master ${master} is down${never ? '' : ` for ${down} s`}${syncing ? ', a full copy is being received' : ''}`,
    fields: {
      role: 'replica' as const,
      link: link === null ? null : up ? ('up' as const) : ('down' as const),
      linkDownSeconds: up || never ? null : down,
      syncing,
      replicas: infoNumber(info, 'connected_slaves'),
      lagSeconds,
      lagBytes,
      goodReplicas: null,
    },
    ...(up
      ? lagBytes !== null && lagBytes >= limits.lagBytes
        ? { atLeast: 'warning' as const }
        : {}
      : { atLeast: 'critical' as const }),
  };
}

function ofMaster(info: ReadonlyMap<string, string>, limits: Limits) {
  const own = infoNumber(info, 'master_repl_offset');
  const replicas = replicasOf(info, own);
  const connected = infoNumber(info, 'connected_slaves') ?? replicas.length;
  const worst = (name: 'lagBytes' | 'lagSeconds'): number | null =>
    replicas.reduce<number | null>((most, each) => {
      const value = each[name];
      return value === null ? most : Math.max(most ?? 0, value);
    }, null);
  const [lagSeconds, lagBytes] = [worst('lagSeconds'), worst('lagBytes')];
  const copying = replicas.filter(({ state }) => state !== 'online');
  const few = connected < limits.expectedReplicas;
  const behind = lagBytes !== null && lagBytes >= limits.lagBytes;
  return {
    value: lagSeconds,
    summary:
      (few
        ? `${connected} of ${limits.expectedReplicas} replicas are connected`
        : connected === 0
          ? 'a master without replicas'
          : `${connected} replicas, at most ${lagSeconds ?? 'unknown'} s and ${lagBytes ?? 'unknown'} bytes behind`) +
      (copying.length > 0 ? `; ${copying.length} still copy` : ''),
    fields: {
      role: 'master' as const,
      link: null,
      linkDownSeconds: null,
      syncing: null,
      replicas: connected,
      lagSeconds,
      lagBytes,
      goodReplicas: infoNumber(info, 'min_slaves_good_slaves'),
    },
    rows: { replicas: replicas.map((each) => ({ ...each })) },
    ...(few || behind ? { atLeast: 'warning' as const } : {}),
    ...(few
      ? { mend: 'A replica is gone: is it up, and does it reach this master? See its redis.replication, and its log.' }
      : {}),
  };
}

/** `slave0:ip=10.0.0.7,port=6379,state=online,offset=1234,lag=0` */
function replicasOf(info: ReadonlyMap<string, string>, own: number | null): Replica[] {
  return [...info]
    .filter(([name]) => /^slave\d+$/.test(name))
    .map(([, text]) => {
      const parts = new Map(text.split(',').map((part) => part.split('=', 2) as [string, string]));
      const [offset, lag] = [infoNumber(parts, 'offset'), infoNumber(parts, 'lag')];
      return {
        address: hostPort(parts.get('ip') ?? '?', parts.get('port') ?? '?'),
        state: parts.get('state') ?? 'unknown',
        lagBytes: own === null || offset === null ? null : Math.max(0, own - offset),
        lagSeconds: lag === null || lag < 0 ? null : lag,
      };
    });
}
