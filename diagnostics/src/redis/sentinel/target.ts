/** A Sentinel as a target of rounds: one held connection, and what it says of its masters. */
import { elapsedMs } from '../../model/clock';
import type { Deadline } from '../../model/deadline';
import { Held } from '../../model/held';
import type { Target } from '../../model/round';
import { type Probed, checkedTarget } from '../../rounds/checkedTarget';
import { type RedisClass, type RedisFailure, classifyRedis, mendRedis } from '../classify';
import { explainRefusal } from '../refusal';
import {
  type RedisSession,
  RedisSilent,
  type Reply,
  askRedis,
  discardRedisSession,
  openRedisSession,
} from '../session';
import { sentinelAvailability, sentinelMasters } from './checks';
import type { SentinelTargetConfig } from './config';
import { type SentinelContext, type SentinelReached, fieldsOf, readMaster } from './context';

/** More masters than these are not asked one by one. */
const MOST_MASTERS = 50;

type SentinelProbe = Probed<SentinelReached, SentinelContext>;

export function sentinelTarget(config: SentinelTargetConfig): Target {
  const user = config.username ?? 'default';
  const held = new Held<RedisSession, RedisClass>({
    open: () => openRedisSession(config),
    discard: discardRedisSession,
    classify: classifyRedis,
    restMs: ({ class: failureClass }) => (failureClass === 'auth' || failureClass === 'tls' ? 5000 : 0),
  });
  const down = (failure: RedisFailure): SentinelProbe => ({
    reached: { ...failure, latencyMs: null, user },
  });

  const probe = async (deadline: Deadline): Promise<SentinelProbe> => {
    for (let attempt = 1; ; attempt += 1) {
      const wasHeld = held.current() !== undefined;
      const got = await held.get(deadline.within(config.connectMs));
      if ('failure' in got) {
        return down(got.failure);
      }
      try {
        return await read(got.connection, deadline, config, user);
      } catch (error) {
        held.drop(got.connection);
        const silent = error instanceof RedisSilent;
        if (silent || attempt > 1 || !wasHeld) {
          return down(silent ? { class: 'hung', message: 'the server does not answer' } : classifyRedis(error));
        }
      }
    }
  };

  return checkedTarget({
    kind: 'sentinel',
    id: config.id,
    title: config.title,
    settings: config.checks,
    availability: sentinelAvailability,
    asked: [sentinelMasters],
    reach: probe,
    broken: (message) => ({ class: 'unknown' as const, message, latencyMs: null, user }),
    mend: ({ class: failureClass }) => mendRedis(failureClass, user),
    close: () => held.close(),
  });
}

/** Rejects only when the connection is lost or silent. */
async function read(
  session: RedisSession,
  deadline: Deadline,
  config: SentinelTargetConfig,
  user: string
): Promise<SentinelProbe> {
  const startedAt = performance.now();
  await askRedis(session, deadline, [['PING']]);
  const latencyMs = elapsedMs(startedAt);
  const [masters = null] = await askRedis(session, deadline, [['SENTINEL', 'MASTERS']]);
  if (masters instanceof Error) {
    return refusedBy(masters, latencyMs, user);
  }
  const entries = (Array.isArray(masters) ? (masters as readonly Reply[]) : []).slice(0, MOST_MASTERS);
  const names = entries.map((entry) => fieldsOf(entry).get('name') ?? '');
  const replies = await askRedis(
    session,
    deadline,
    names.flatMap((name) => [
      ['SENTINEL', 'CKQUORUM', name],
      ['SENTINEL', 'REPLICAS', name],
    ])
  );
  try {
    const watched = entries.map((entry, index) =>
      readMaster(entry, replies[2 * index] ?? null, replies[2 * index + 1] ?? null)
    );
    const unwatched = config.masters
      .filter((name) => !names.includes(name))
      .map((name) => ({
        ...{ name, address: null, state: 'not-watched' as const, quorum: null, sentinels: null },
        ...{ quorumOk: false, quorumSays: 'this Sentinel does not watch it', replicas: [] },
      }));
    return {
      reached: { class: 'ok', message: 'answers', latencyMs, user },
      context: { masters: [...watched, ...unwatched] },
    };
  } catch (error) {
    return refusedBy(error, latencyMs, user);
  }
}

/** Sentinel answers, and refuses this user: the statement that mends it is known. */
function refusedBy(error: unknown, latencyMs: number, user: string): SentinelProbe {
  const failure = classifyRedis(error);
  const mended =
    failure.class === 'no-permission'
      ? { mend: explainRefusal(error, { user, privilege: sentinelMasters.privilege }).mend }
      : {};
  return { reached: { ...failure, ...mended, latencyMs, user } };
}
