import { z } from 'zod';
import { defineCheck } from '../../model/check';
import { mendRedis } from '../classify';
import type { SentinelContext, SentinelReached } from './context';

export const SENTINEL_CLASSES = [
  ...['ok', 'refused', 'dns', 'timeout', 'tls', 'auth', 'no-permission', 'max-clients', 'hung', 'unknown'],
] as const;

export const sentinelAvailability = defineCheck({
  id: 'sentinel.availability',
  title: 'Sentinel answers',
  kind: 'sentinel',
  asks: 'PING, SENTINEL MASTERS on the held connection',
  unit: 'short',
  words: { class: SENTINEL_CLASSES },
  fields: {
    up: 'true when it answers',
    class: `what a client meets now: ${SENTINEL_CLASSES.join(', ')}`,
    latencyMs: 'ms until PING was answered; null when it was not',
    message: 'what the server or the system said',
  },
  rows: {},
  mend: 'See the class.',
  privilege: '+ping +hello +auth +client|setname +sentinel|masters',
  below: true,
  options: z.strictObject({ critical: z.number().default(0) }),
  make: () => (reached: SentinelReached) => {
    const { class: is, message, latencyMs, user } = reached;
    const ok = is === 'ok';
    const up = ok || is === 'no-permission';
    const mend = reached.mend ?? mendRedis(is, user);
    return Promise.resolve({
      value: up ? 1 : 0,
      summary: ok ? `answered in ${latencyMs ?? 0} ms` : `${is}: ${message}`,
      fields: { up, class: is, latencyMs, message },
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
  unit: 'short',
  fields: {
    masters: 'masters watched',
    down: 'masters that are down, subjectively or objectively, or not watched',
    withoutQuorum: 'masters that could not be failed over now',
    replicasDown: 'replicas that are down or have lost their master',
  },
  rows: {
    masters: {
      name: 'name of the master',
      address: 'host:port that clients are told; null when it is not watched',
      state:
        'ok, subjectively-down, objectively-down, failover; not-watched: the configuration names it and this Sentinel does not know it',
      quorum: 'Sentinels that have to agree',
      sentinels: 'Sentinels known, this one included',
      quorumOk: 'a failover could be agreed on and carried out now',
      quorumSays: 'what CKQUORUM answers',
      replicas: 'replicas known',
      usableReplicas: 'replicas that a failover could choose',
    },
    replicas: {
      master: 'name of the master',
      address: 'host:port',
      state: 'ok, down, link-down',
      flags: 'as Sentinel says',
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
