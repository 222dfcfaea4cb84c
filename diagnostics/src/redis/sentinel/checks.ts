import { z } from 'zod';
import { defineCheck } from '../../model/check';
import { mendRedis } from '../classify';
import type { SentinelContext, SentinelReached } from './context';

export const SENTINEL_CLASSES = ['ok', 'refused', 'dns', 'timeout', 'auth', 'hung', 'unknown'] as const;

export const sentinelAvailability = defineCheck({
  id: 'sentinel.availability',
  title: 'Sentinel answers',
  kind: 'sentinel',
  asks: 'PING, SENTINEL MASTERS on the held connection',
  unit: 'short',
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
    const up = is === 'ok';
    return Promise.resolve({
      value: up ? 1 : 0,
      summary: up ? `answered in ${latencyMs ?? 0} ms` : `${is}: ${message}`,
      fields: { up, class: is, latencyMs, message },
      ...(up ? {} : { atLeast: 'critical' as const }),
      mend: mendRedis(is, user),
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
    down: 'masters that are down, subjectively or objectively',
    withoutQuorum: 'masters that could not be failed over now',
    replicasDown: 'replicas that are down or have lost their master',
  },
  rows: {
    masters: {
      name: 'name of the master',
      address: 'host:port that clients are told',
      state: 'ok, subjectively-down, objectively-down, failover',
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
      const withoutQuorum = masters.filter(({ quorumOk }) => !quorumOk);
      const replicas = masters.flatMap((master) => master.replicas.map((each) => ({ master: master.name, ...each })));
      const ill = replicas.filter(({ state }) => state !== 'ok');
      const bare = masters.filter(({ replicas: of }) => of.length > 0 && !of.some(({ state }) => state === 'ok'));
      const told = [
        ...down.map(({ name, address, state }) => `${name} at ${address} is ${state.replace('-', ' ')}`),
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
        ...(down.length > 0
          ? { atLeast: 'critical' as const }
          : withoutQuorum.length > 0 || ill.length > 0 || masters.length === 0
            ? { atLeast: 'warning' as const }
            : {}),
      });
    },
});

export const sentinelChecks = [sentinelAvailability, sentinelMasters];
