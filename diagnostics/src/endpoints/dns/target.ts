import { Resolver } from 'node:dns/promises';
import { elapsedMs } from '../../model/clock';
import { type Deadline, DeadlineExceeded, before } from '../../model/deadline';
import type { Target } from '../../model/round';
import { describe } from '../../model/thrown';
import { checkedTarget } from '../../rounds/checkedTarget';
import { addressesOf } from '../resolve';
import { type DnsClass, type DnsReached, dnsAvailability, mendDns } from './check';
import type { DnsTargetConfig } from './config';

/** A name that has to resolve. */
export function dnsTarget(config: DnsTargetConfig): Target {
  return checkedTarget<DnsReached, never>({
    kind: 'dns',
    id: config.id,
    title: config.title,
    settings: config.checks,
    availability: dnsAvailability,
    asked: [],
    reach: async (deadline) => ({ reached: await probeDns(config, deadline) }),
    broken: (message) => ({ class: 'unknown', message, answers: [], tookMs: null, via: '', wanted: [] }),
    mend: ({ class: failureClass }) => mendDns(failureClass),
  });
}

async function probeDns(config: DnsTargetConfig, deadline: Deadline): Promise<DnsReached> {
  const { name, type, server: asked, expect: wanted } = config;
  const direct = asked !== undefined || type !== undefined;
  const via = asked ?? (direct ? 'the servers of the system' : 'system');
  const startedAt = performance.now();
  const resolver = new Resolver({ timeout: Math.max(100, Math.floor(deadline.left())), tries: 1 });
  try {
    if (asked !== undefined) {
      resolver.setServers([asked]);
    }
    const found = direct
      ? resolver
          .resolve(name, type ?? 'A')
          .then((records) => (Array.isArray(records) ? records : [records]).map(toText))
      : addressesOf(name).then((addresses) => addresses.map(({ address }) => address));
    const answers = [...new Set(await before(deadline, 'the resolver', found))].sort();
    return { class: 'ok', message: 'resolved', answers, tookMs: elapsedMs(startedAt), via, wanted };
  } catch (error) {
    resolver.cancel();
    return { ...classify(error), answers: [], tookMs: null, via, wanted };
  }
}

/** Records of some types are objects: `{priority, exchange}`. */
const toText = (record: unknown): string =>
  typeof record === 'string'
    ? record
    : Array.isArray(record)
      ? record.join('')
      : Object.values(record as Record<string, unknown>)
          .map(String)
          .join(' ');

function classify(error: unknown): { class: DnsClass; message: string } {
  const { code, message } = describe(error);
  if (error instanceof DeadlineExceeded) {
    return { class: 'timeout', message: 'the resolver does not answer' };
  }
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_NONAME':
      return { class: 'not-found', message: 'there is no such name' };
    case 'ENODATA':
    case 'EAI_NODATA':
      return { class: 'no-data', message: 'the name has no such record' };
    case 'ESERVFAIL':
    case 'EFORMERR':
    case 'ENOTIMP':
    case 'EBADRESP':
    case 'EAI_FAIL':
    case 'EAI_AGAIN':
      return { class: 'server-failure', message };
    case 'ECONNREFUSED':
    case 'EREFUSED':
      return { class: 'refused', message };
    case 'ETIMEOUT':
    case 'ECANCELLED':
      return { class: 'timeout', message: 'the resolver does not answer' };
    default:
      return { class: 'unknown', message };
  }
}
