/** A Redis client as an application has one: commands fail at once while the server is away, and it reconnects by itself. */
import { createClient } from 'redis';

export type RedisConnection = ReturnType<typeof openRedis>;

/** Connects in the background; `isReady` says whether it is there. `onError` is called for each failed attempt. */
export function openRedis(url: string, name: string, onError: (error: Error) => void) {
  const client = createClient({
    url,
    name,
    RESP: 2,
    disableOfflineQueue: true,
    socket: { connectTimeout: 1000, reconnectStrategy: (attempt: number) => Math.min(100 * (attempt + 1), 1000) },
  });
  client.on('error', onError);
  client.connect().catch(onError);
  return client;
}
