import { z } from 'zod';
import { Unanswered, defineCheck } from '../../model/check';
import { fact } from '../../model/fact';
import type { RedisCheckContext } from '../context';
import { hostPort } from '../hostPort';
import { infoNumber, parseInfo } from '../info';

const SLOTS = 16_384;

export const cluster = defineCheck({
  id: 'redis.cluster',
  title: 'The cluster serves every slot',
  kind: 'redis',
  asks: 'INFO cluster; CLUSTER INFO, CLUSTER NODES, as this node sees it',
  value: fact.count('slots that are not served'),
  fields: {
    state: fact.text('ok or fail: with fail, this node refuses commands (CLUSTERDOWN)'),
    slotsOk: fact.count(`slots served, of ${SLOTS}`),
    slotsUnassigned: fact.count('slots that no node has'),
    slotsFailing: fact.count('slots of nodes that are down, or may be'),
    nodes: fact.count('nodes known'),
    masters: fact.count('masters that have slots'),
    failedNodes: fact.count('nodes marked as failed, or possibly failed'),
  },
  rows: {
    failed: {
      node: fact.text('id, shortened'),
      address: fact.text('host:port'),
      role: fact.word(['master', 'replica'], 'its role'),
      flags: fact.text('as CLUSTER NODES says'),
    },
  },
  mend: 'Bring the failed node back, or make its replica take over: CLUSTER FAILOVER FORCE on that replica. Slots without a node: redis-cli --cluster check, then --cluster fix. Never CLUSTER RESET on a node with data.',
  privilege: '+info +cluster|info +cluster|nodes',
  options: z.strictObject({
    /** Slots that are not served. */
    warning: z.number().default(1),
    critical: z.number().default(1),
  }),
  make:
    () =>
    async ({ info, ask }: RedisCheckContext) => {
      if (info.get('cluster_enabled') !== '1') {
        throw new Unanswered('not-applicable', 'this server is no node of a cluster', 'Nothing is to be done.');
      }
      const [about, nodes] = await ask([
        ['CLUSTER', 'INFO'],
        ['CLUSTER', 'NODES'],
      ]);
      for (const reply of [about, nodes]) {
        if (reply instanceof Error) {
          throw reply;
        }
      }
      const said = parseInfo(String(about));
      const state = said.get('cluster_state') ?? null;
      const number = (name: string): number | null => infoNumber(said, name);
      const assigned = number('cluster_slots_assigned') ?? 0;
      const slotsOk = number('cluster_slots_ok') ?? 0;
      const slotsFailing = (number('cluster_slots_pfail') ?? 0) + (number('cluster_slots_fail') ?? 0);
      const failed = String(nodes).split('\n').flatMap(readFailed);
      const missing = SLOTS - slotsOk;
      return {
        value: missing,
        summary:
          state === 'ok' && missing === 0
            ? `ok: all slots are served by ${number('cluster_size') ?? 0} masters${failed.length > 0 ? `; ${failed.length} nodes have failed` : ''}`
            : `state ${state ?? 'unknown'}: ${missing} of ${SLOTS} slots are not served (${SLOTS - assigned} have no node)`,
        fields: {
          state,
          slotsOk,
          slotsUnassigned: SLOTS - assigned,
          slotsFailing,
          nodes: number('cluster_known_nodes'),
          masters: number('cluster_size'),
          failedNodes: failed.length,
        },
        rows: { failed: failed.slice(0, 20) },
        ...(state === 'ok'
          ? failed.length > 0
            ? { atLeast: 'warning' as const }
            : {}
          : { atLeast: 'critical' as const }),
      };
    },
});

/** `<id> <ip:port@cport[,hostname]> <flags> <master> <ping> <pong> <epoch> <link> <slot> …` */
function readFailed(line: string) {
  const [id = '', address = '', flags = ''] = line.split(' ');
  const marks = flags.split(',');
  return marks.some((mark) => mark === 'fail' || mark === 'fail?' || mark === 'noaddr')
    ? [
        {
          node: id.slice(0, 8),
          address: addressOf(address),
          role: marks.includes('master') ? ('master' as const) : ('replica' as const),
          flags,
        },
      ]
    : [];
}

/** `10.0.0.7:6379@16379,host` → `10.0.0.7:6379`; an IPv6 address stands there without brackets. */
function addressOf(text: string): string {
  const [, host = text, port = ''] = /^(.*):(\d+)(?:@|$)/.exec(text.split(',')[0] ?? '') ?? [];
  return hostPort(host, port);
}
