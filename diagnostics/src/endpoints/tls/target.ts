import { z } from 'zod';
import { checkSettings, common, host, port, text } from '../../config/parts';
import type { Target } from '../../model/round';
import { probedTarget } from '../../rounds/probed';
import { mendEndpoint } from '../classify';
import { networkKeys } from '../network';
import { tlsAvailability, tlsCertificate } from './checks';
import { probeTls } from './probe';

export const tlsChecks = [tlsAvailability, tlsCertificate];

export const tlsTargetSchema = z.strictObject({
  kind: z.literal('tls'),
  id: common.id,
  title: common.title,
  host,
  port: port.default(443),
  /** What the server has to be asked in before it speaks TLS; TLS from the first byte when left out. */
  starttls: z.enum(['postgres']).optional(),
  /** The name in the certificate, when it is not the host. */
  serverName: text.optional(),
  /** PEM file of the certificate authority; the system's authorities when left out. */
  caFile: text.optional(),
  ...networkKeys,
  checks: checkSettings(tlsChecks),
});

export type TlsTargetConfig = z.infer<typeof tlsTargetSchema>;

/** A certificate that is looked at before it expires. */
export function tlsTarget(config: TlsTargetConfig): Target {
  return probedTarget({
    kind: 'tls',
    id: config.id,
    title: config.title,
    settings: config.checks,
    availability: tlsAvailability,
    asked: [tlsCertificate],
    probe: (deadline, now) => probeTls(config, deadline, now),
    broken: (message) => ({ class: 'unknown', message, address: null, handshakeMs: null, protocol: null }),
    mend: mendEndpoint,
  });
}
