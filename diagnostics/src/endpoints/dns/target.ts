import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import { z } from 'zod';
import { checkSettings, common, text } from '../../config/parts';
import { elapsedMs } from '../../model/clock';
import { type Deadline, DeadlineExceeded, before } from '../../model/deadline';
import type { Target } from '../../model/round';
import { describe } from '../../model/thrown';
import { probedTarget } from '../../rounds/probed';
import { addressesOf } from '../resolve';
import { type DnsReached, dnsAvailability, mendDns } from './check';

const server = z.string().refine((given) => {
  const [, bracketed, plain, port] = /^(?:\[([^\]]+)\]|([^:\]]+))(?::(\d{1,5}))?$/.exec(given) ?? [];
  return isIP(given) !== 0 || (isIP(bracketed ?? plain ?? '') !== 0 && Number(port ?? 53) <= 65_535);
}, 'an address, with a port if it is not 53: 10.0.0.10, 10.0.0.10:5353, [fd00::10]:53');

export const dnsTargetSchema = z.strictObject({
  kind: z.literal('dns'),
  id: common.id,
  title: common.title,
  /** Fully qualified when `server` or `type` is given: search domains are the system resolver's business. */
  name: text.max(253),
  /** A DNS server; the system's resolver, as applications use it, when `server` and `type` are left out. */
  server: server.optional(),
  type: z.enum(['A', 'AAAA', 'CNAME', 'MX', 'NS', 'TXT', 'PTR', 'SRV']).optional(),
  /** The answers that are right. */
  expect: z.array(text).max(50).default([]),
  checks: checkSettings([dnsAvailability]),
});

export type DnsTargetConfig = z.infer<typeof dnsTargetSchema>;

/** A name that has to resolve. */
export function dnsTarget(config: DnsTargetConfig): Target {
  return probedTarget<DnsReached, never>({
    kind: 'dns',
    id: config.id,
    title: config.title,
    settings: config.checks,
    availability: dnsAvailability,
    asked: [],
    probe: async (deadline) => ({ reached: await probeDns(config, deadline) }),
    broken: (message) => ({ class: 'unknown', message, answers: [], tookMs: null, via: '', wanted: [] }),
    mend: mendDns,
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

function classify(error: unknown): { class: string; message: string } {
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
