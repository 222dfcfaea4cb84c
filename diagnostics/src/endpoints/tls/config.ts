import { z } from 'zod';
import { checkSettings, common, host, port, text } from '../../config/parts';
import { networkKeys } from '../network';
import { tlsChecks } from './checks';

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
