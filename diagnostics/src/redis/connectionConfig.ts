/** The keys of a target, Redis or Sentinel, that say where the server is and who asks it. */
import { z } from 'zod';
import { common, host, port, text } from '../config/parts';

/** `defaultPort` is 6379 for Redis and 26379 for Sentinel. */
export const redisConnection = (defaultPort: number) =>
  z.strictObject({
    host: host.default('127.0.0.1'),
    port: port.default(defaultPort),
    username: text.optional(),
    password: text.optional(),
    passwordFile: text.optional(),
    tls: common.tls,
  });

export type RedisConnectionConfig = z.infer<ReturnType<typeof redisConnection>>;
