import { z } from 'zod';
import { checkSettings, common, host, port } from '../../config/parts';
import { networkKeys } from '../network';
import { tcpAvailability } from './check';

export const tcpTargetSchema = z.strictObject({
  kind: z.literal('tcp'),
  id: common.id,
  title: common.title,
  host,
  port,
  ...networkKeys,
  checks: checkSettings([tcpAvailability]),
});

export type TcpTargetConfig = z.infer<typeof tcpTargetSchema>;
