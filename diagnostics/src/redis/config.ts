import { z } from 'zod';
import { checkSettings, common, number } from '../config/parts';
import { redisChecks } from './checks';
import { redisConnection } from './connectionConfig';
import { redisKeys } from './keysConfig';

const { host, port, ...login } = redisConnection(6379).shape;

export const redisTargetSchema = z.strictObject({
  kind: z.literal('redis'),
  ...common,
  ...{ host, port },
  database: number(z.number().int().min(0).max(65_535)).default(0),
  ...login,
  ...redisKeys.shape,
  checks: checkSettings(redisChecks),
});

export type RedisTargetConfig = z.infer<typeof redisTargetSchema>;
