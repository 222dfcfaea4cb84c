import { z } from 'zod';
import { checkSettings, common, number, text } from '../../config/parts';
import { redisConnection } from '../connectionConfig';
import { sentinelChecks } from './checks';

const CONNECT_MS = 800;

export const sentinelTargetSchema = z.strictObject({
  kind: z.literal('sentinel'),
  ...common,
  ...redisConnection(26_379).shape,
  /** Names of masters that have to be watched: one that is missing is a finding. */
  masters: z.array(text).max(50).default([]),
  connectMs: number(z.number().int().min(100).max(1500)).default(CONNECT_MS),
  checks: checkSettings(sentinelChecks),
});

export type SentinelTargetConfig = z.infer<typeof sentinelTargetSchema>;
