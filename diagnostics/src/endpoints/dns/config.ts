import { isIP } from 'node:net';
import { z } from 'zod';
import { checkSettings, common, text } from '../../config/parts';
import { dnsAvailability } from './check';

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
