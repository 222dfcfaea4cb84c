/** A real Redis with the user of `redis.acl`. */
import { readFileSync } from 'node:fs';
import { type RedisClientType, createClient } from 'redis';
import { type RedisOptions, type RedisServer, startRedis } from '../../../demo/src/servers';
import { keepsCommandlog } from './redisVersion';
import { REDIS_PASSWORD } from './secrets';

export interface RedisRig {
  readonly server: RedisServer;
  /** As the default user, who may do everything. */
  admin(): Promise<RedisClientType>;
  target(more?: Record<string, unknown>): Record<string, unknown>;
  disconnect(): void;
  dispose(): Promise<void>;
}

/** With the right beside it that a server with COMMANDLOG takes (docs/diagnostics.md). */
export const ACL_LINE = readFileSync(new URL('../../redis.acl', import.meta.url), 'utf8')
  .trim()
  .replace('>PASSWORD', `>${REDIS_PASSWORD}`)
  .concat(keepsCommandlog() ? ' +commandlog|get' : '');

/** The user of `sentinel.acl`, as a line of a Sentinel's configuration. */
export const sentinelAcl = (): string =>
  readFileSync(new URL('../../sentinel.acl', import.meta.url), 'utf8')
    .trim()
    .replace('>PASSWORD', `>${REDIS_PASSWORD}`);

export async function redisRig(options: RedisOptions = {}): Promise<RedisRig> {
  const server = await startRedis({
    ...options,
    config: {
      user: ACL_LINE.replace(/^user /, ''),
      'enable-debug-command': 'local',
      'enable-protected-configs': 'local',
      ...options.config,
    },
  });
  const open: RedisClientType[] = [];
  const disconnect = (): void => {
    for (const client of open.splice(0)) {
      try {
        client.destroy();
      } catch {
        // It was closed before.
      }
    }
  };
  return {
    server,
    async admin() {
      const client = createClient({
        socket: { host: server.host, port: server.port, reconnectStrategy: false },
        RESP: 2,
        disableClientInfo: true,
        maintNotifications: 'disabled',
      }) as unknown as RedisClientType;
      client.on('error', () => undefined);
      await client.connect();
      open.push(client);
      return client;
    },
    target: (more = {}) => ({
      id: 'shop-redis',
      kind: 'redis',
      host: server.host,
      port: server.port,
      username: 'live_runbooks',
      password: REDIS_PASSWORD,
      ...more,
    }),
    disconnect,
    async dispose() {
      disconnect();
      await server.dispose();
    },
  };
}
