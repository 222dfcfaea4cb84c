/** A Redis server as a target of rounds: one round trip brings what all checks read. */
import type { Deadline } from '../model/deadline';
import { Held } from '../model/held';
import type { Target } from '../model/round';
import { type Probed, checkedTarget } from '../rounds/checkedTarget';
import { isFine } from '../rounds/remembered';
import { askedRedisChecks, redisAvailability } from './checks';
import type { RedisReached } from './checks/availability';
import { bigKeys } from './checks/bigKeys';
import { keysWithoutTtl } from './checks/keysWithoutTtl';
import { type RedisClass, type RedisFailure, classifyRedis, mendRedis } from './classify';
import type { RedisTargetConfig } from './config';
import type { RedisCheckContext } from './context';
import { KeySpace } from './keySpace';
import { Loading } from './loading';
import { OwnLookups } from './ownLookups';
import { explainRefusal } from './refusal';
import { type RedisSession, RedisSilent, discardRedisSession, openRedisSession } from './session';
import { type ReadOptions, readServer } from './readServer';

const CONNECT_MS = 800;
/** Checks that look at all keys. */
const OF_KEYS = new Set([bigKeys.id, keysWithoutTtl.id]);

type Read = Probed<RedisReached, RedisCheckContext>;

export function redisTarget(config: RedisTargetConfig): Target {
  const held = new Held<RedisSession, RedisClass>({
    open: () => openRedisSession(config),
    discard: discardRedisSession,
    classify: classifyRedis,
    restMs: ({ class: failureClass }) => (failureClass === 'auth' || failureClass === 'tls' ? 5000 : 0),
  });
  const keySpace = new KeySpace(config.expiring);
  const lookups = new OwnLookups();
  const loading = new Loading();
  /** Checks of keys that found something, or could not, when they were asked last. */
  const troubled = new Set<string>();
  const user = config.username ?? 'default';

  const reach = async (
    deadline: Deadline,
    round: Pick<ReadOptions, 'now' | 'forced' | 'unasked' | 'fine'>
  ): Promise<Read> => {
    const { now } = round;
    const down = (failure: RedisFailure): Read => {
      keySpace.forget();
      return { reached: { ...loading.orElse(failure, now), latencyMs: null, user } };
    };
    // A held connection may have been lost since the last round: then one more, new one is tried.
    for (let attempt = 1; ; attempt += 1) {
      const wasHeld = held.current() !== undefined;
      const got = await held.get(deadline.within(CONNECT_MS));
      if ('failure' in got) {
        return down(got.failure);
      }
      const session = got.connection;
      if (!wasHeld) {
        loading.hear(session.greeting, now);
      }
      try {
        const read = await readServer(session, { ...{ config, keySpace, lookups, deadline, user }, ...round });
        loading.note(read.reached, now);
        return read;
      } catch (error) {
        held.drop(session);
        const silent = error instanceof RedisSilent;
        if (silent || attempt > 1 || !wasHeld) {
          return down(silent ? { class: 'hung', message: 'the server does not answer' } : classifyRedis(error));
        }
      }
    }
  };

  return checkedTarget({
    kind: 'redis',
    id: config.id,
    title: config.title,
    settings: config.checks,
    availability: redisAvailability,
    asked: askedRedisChecks,
    reach: (_deadline, { now, deadline, forced, unasked }) =>
      reach(deadline, { now, forced, unasked, fine: troubled.size === 0 }),
    broken: (message) => ({ class: 'unknown' as const, message, latencyMs: null, user }),
    mend: ({ class: failureClass }) => mendRedis(failureClass, user),
    explain: (error, privilege) => explainRefusal(error, { user, privilege }),
    onResults: (results) => {
      for (const result of results.filter(({ id }) => OF_KEYS.has(id))) {
        troubled[isFine(result) ? 'delete' : 'add'](result.id);
      }
      const session = held.current();
      if (session?.broken === true) {
        held.drop(session);
      }
    },
    close: () => held.close(),
  });
}
