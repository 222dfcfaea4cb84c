import { z } from 'zod';
import { defineCheck } from '../../model/check';
import { fact } from '../../model/fact';
import { sayFailure } from '../../model/failure';
import { REDIS_CLASSES, mendRedis } from '../classify';
import { MASTER_STATES, REPLICA_STATES, type SentinelContext, type SentinelReached } from './context';

export const sentinelAvailability = defineCheck({
  id: 'sentinel.availability',
  title: 'Sentinel answers',
  kind: 'sentinel',
  asks: 'PING, SENTINEL MASTERS on the held connection',
  value: fact.count('1 up, 0 down'),
  fields: {
    up: fact.flag('true when it answers'),
    class: fact.word(REDIS_CLASSES, 'what happens to a client that connects now'),
    latencyMs: fact.ms('ms until PING was answered; null when it was not'),
    message: fact.text('what the server or the system said'),
  },
  rows: {},
  mend: 'See the class.',
  privilege: '+ping +hello +auth +client|setname +sentinel|masters',
  below: true,
  options: z.strictObject({ critical: z.number().default(0) }),
  make: () => (reached: SentinelReached) => {
    const { class: failureClass, message, latencyMs, user } = reached;
    const ok = failureClass === 'ok';
    const up = ok || failureClass === 'no-permission';
    const mend = reached.mend ?? mendRedis(failureClass, user);
    return Promise.resolve({
      value: up ? 1 : 0,
      summary: ok ? `answered in ${latencyMs ?? 0} ms` : sayFailure(reached),
      fields: { up, class: failureClass, latencyMs, message },
      ...(ok ? {} : up ? { unknown: { reason: 'no-permission' as const, mend } } : { atLeast: 'critical' as const }),
      mend,
    });
  },
});

export const sentinelMasters = defineCheck({
  id: 'sentinel.masters',
  title: 'Masters, replicas and the quorum',
  kind: 'sentinel',
  asks: 'SENTINEL MASTERS; SENTINEL CKQUORUM and SENTINEL REPLICAS of each master, as this Sentinel sees them',
  value: 'down',
  fields: {
    masters: fact.count('masters watched'),
    down: fact.count('masters that are down, subjectively or objectively, or not watched'),
    withoutQuorum: fact.count('masters that could not be failed over now'),
    replicasDown: fact.count('replicas that are down or have lost their master'),
  },
  rows: {
    masters: {
      name: fact.text('name of the master'),
      address: fact.text('host:port that clients are told; null when it is not watched'),
      state: fact.word(
        MASTER_STATES,
        'its state; not-watched: the configuration names it and this Sentinel does not know it'
      ),
      quorum: fact.count('Sentinels that have to agree'),
      sentinels: fact.count('Sentinels known, this one included'),
      quorumOk: fact.flag('a failover could be agreed on and carried out now'),
      quorumSays: fact.text('what CKQUORUM answers'),
      replicas: fact.count('replicas known'),
      usableReplicas: fact.count('replicas that a failover could choose'),
    },
    replicas: {
      master: fact.text('name of the master'),
      address: fact.text('host:port'),
      state: fact.word(REPLICA_STATES, 'its state'),
      flags: fact.text('as Sentinel says'),
    },
  },
  mend: 'Master down: is a failover under way (SENTINEL FAILOVER <name> begins one)? Without quorum nothing fails over: bring the other Sentinels back, and the network between them. Without usable replicas there is nothing to fail over to.',
  privilege: '+sentinel|masters +sentinel|ckquorum +sentinel|replicas',
  options: z.strictObject({ warning: z.number().optional(), critical: z.number().default(1) }),
  make:
    () =>
    ({ masters }: SentinelContext) => {
      const down = masters.filter(({ state }) => state !== 'ok');
      const known = masters.filter(({ state }) => state !== 'not-watched');
      const withoutQuorum = known.filter(({ quorumOk }) => !quorumOk);
      const replicas = masters.flatMap((master) => master.replicas.map((each) => ({ master: master.name, ...each })));
      const ill = replicas.filter(({ state }) => state !== 'ok');
      const bare = masters.filter(({ replicas: of }) => of.length > 0 && !of.some(({ state }) => state === 'ok'));
      const told = [
        ...down.map(({ name, address, state }) =>
          address === null
            ? `${name} is not watched by this Sentinel`
            : `${name} at ${address} is ${state === 'failover' ? 'being failed over' : state.replace('-', ' ')}`
        ),
        ...withoutQuorum.map(({ name, quorumSays }) => `${name}: ${quorumSays}`),
        ...bare.map(({ name }) => `${name} has no usable replica`),
      ];
      return Promise.resolve({
        value: down.length,
        summary:
          told.length > 0
            ? told.join('; ')
            : masters.length === 0
              ? 'no master is watched'
              : `${masters.length} masters are up, with quorum${ill.length > 0 ? `; ${ill.length} replicas are not well` : ''}`,
        fields: {
          masters: masters.length,
          down: down.length,
          withoutQuorum: withoutQuorum.length,
          replicasDown: ill.length,
        },
        rows: {
          masters: masters.map(({ replicas: of, ...master }) => ({
            ...master,
            replicas: of.length,
            usableReplicas: of.filter(({ state }) => state === 'ok').length,
          })),
          replicas: replicas.slice(0, 50),
        },
        ...(known.length < masters.length && known.every(({ state }) => state === 'ok') ? { mend: NOT_WATCHED } : {}),
        ...(down.length > 0
          ? { atLeast: 'critical' as const }
          : withoutQuorum.length > 0 || ill.length > 0 || masters.length === 0
            ? { atLeast: 'warning' as const }
            : {}),
      });
    },
});

const NOT_WATCHED =
  'Correct the name under `masters` of the target (names are case-sensitive), or have it watched: SENTINEL MONITOR <name> <address> <port> <quorum>.';

export const sentinelChecks = [sentinelAvailability, sentinelMasters];
