/** How the estate's Redis is set up. */
import { type RedisServer, startRedis } from '../servers';

export const REDIS_MAX_MEMORY_BYTES = 48 * 1024 * 1024;

/** With the policy of the guide's trouble (`noeviction`): what is full stays full. */
export function startEstateRedis(port: number, dir: string): Promise<RedisServer> {
  return startRedis({
    port,
    dir,
    config: {
      maxmemory: String(REDIS_MAX_MEMORY_BYTES),
      'maxmemory-policy': 'noeviction',
      maxclients: '200',
      'latency-monitor-threshold': '100',
    },
  });
}
