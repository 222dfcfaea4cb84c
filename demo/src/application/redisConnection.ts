/** A Redis client as an application has one: commands fail at once while the server is away, and it reconnects by itself. */
import { createClient } from 'redis';

export type RedisConnection = ReturnType<typeof openRedis>;

/** What the client does by itself; everything else that an application calls is a command. */
const OWN: ReadonlySet<string | symbol> = new Set(['on', 'once', 'off', 'connect', 'close', 'destroy']);

/**
 * Connects in the background; `isReady` says whether it is there. `onError` is called for each failed attempt, `onCall` for each
 * command.
 */
export function openRedis(
  url: string,
  name: string,
  onError: (error: Error) => void,
  onCall: () => void = () => undefined
) {
  const client = createClient({
    url,
    name,
    RESP: 2,
    disableOfflineQueue: true,
    socket: { connectTimeout: 1000, reconnectStrategy: (attempt: number) => Math.min(100 * (attempt + 1), 1000) },
  });
  client.on('error', onError);
  client.connect().catch(onError);
  return new Proxy(client, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== 'function') {
        return value;
      }
      return (...args: unknown[]): unknown => {
        if (!OWN.has(key)) {
          onCall();
        }
        return Reflect.apply(value, target, args);
      };
    },
  });
}
