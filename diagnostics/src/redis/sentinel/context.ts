/** What one Sentinel says of the masters that it watches. */
import type { RedisFailure } from '../classify';
import { hostPort } from '../hostPort';
import type { Reply } from '../session';

export interface SentinelReached extends RedisFailure {
  readonly latencyMs: number | null;
  readonly user: string;
}

export const REPLICA_STATES = ['ok', 'down', 'link-down'] as const;
export const MASTER_STATES = ['ok', 'subjectively-down', 'objectively-down', 'failover', 'not-watched'] as const;

export interface WatchedReplica {
  readonly address: string;
  readonly state: (typeof REPLICA_STATES)[number];
  readonly flags: string;
}

export interface WatchedMaster {
  readonly name: string;
  /** Null: it is not watched. */
  readonly address: string | null;
  readonly state: (typeof MASTER_STATES)[number];
  readonly quorum: number | null;
  readonly sentinels: number | null;
  readonly quorumOk: boolean;
  readonly quorumSays: string;
  readonly replicas: readonly WatchedReplica[];
}

export interface SentinelContext {
  readonly masters: readonly WatchedMaster[];
}

/** `[name, value, …]` of one entry. */
export function fieldsOf(entry: Reply): ReadonlyMap<string, string> {
  const flat = Array.isArray(entry) ? (entry as readonly Reply[]).map(String) : [];
  return new Map(
    flat.flatMap((name, index): Array<[string, string]> => (index % 2 === 0 ? [[name, flat[index + 1] ?? '']] : []))
  );
}

const addressOf = (fields: ReadonlyMap<string, string>): string =>
  hostPort(fields.get('ip') ?? '?', fields.get('port') ?? '?');

const numberOf = (text: string | undefined): number | null => (text === undefined ? null : Number(text));

export function readMaster(entry: Reply, quorum: Reply | Error, replicas: Reply | Error): WatchedMaster {
  const fields = fieldsOf(entry);
  const flags = (fields.get('flags') ?? '').split(',');
  const others = numberOf(fields.get('num-other-sentinels'));
  if (replicas instanceof Error) {
    throw replicas;
  }
  if (quorum instanceof Error && !/^NOQUORUM|^NOGOODSLAVE/.test(quorum.message)) {
    throw quorum;
  }
  return {
    name: fields.get('name') ?? '?',
    address: addressOf(fields),
    state: flags.includes('failover_in_progress')
      ? 'failover'
      : flags.includes('o_down')
        ? 'objectively-down'
        : flags.includes('s_down')
          ? 'subjectively-down'
          : 'ok',
    quorum: numberOf(fields.get('quorum')),
    sentinels: others === null ? null : others + 1,
    quorumOk: !(quorum instanceof Error),
    quorumSays: quorum instanceof Error ? quorum.message : String(quorum),
    replicas: (Array.isArray(replicas) ? (replicas as readonly Reply[]) : []).map(readReplica),
  };
}

function readReplica(entry: Reply): WatchedReplica {
  const fields = fieldsOf(entry);
  const flags = fields.get('flags') ?? '';
  const down = /s_down|o_down|disconnected/.test(flags);
  const linked = fields.get('master-link-status') === 'ok';
  return { address: addressOf(fields), state: down ? 'down' : linked ? 'ok' : 'link-down', flags };
}
