/** The one connection that is held open to a Redis server, and how a question is put to it without waiting for long. */
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { type PeerCertificate, checkServerIdentity } from 'node:tls';
import { createClient } from 'redis';
import type { RedisTargetConfig } from '../config/schema';
import { before, type Deadline, DeadlineExceeded } from '../model/deadline';
import type { Attempt } from '../model/held';

type Client = ReturnType<typeof newClient>;

export interface RedisSession {
  readonly client: Client;
  broken: boolean;
}

export class RedisSessionLost extends Error {}

export type Reply = string | number | null | readonly Reply[];

/** Longer than any command here takes; a server that needs more is in trouble. */
const ANSWER_MS = 600;

/** What a connection needs to know. */
export type RedisAddress = Pick<RedisTargetConfig, 'host' | 'port' | 'tls' | 'username' | 'password' | 'database'>;

function newClient({ host, port, tls, username, password, database }: RedisAddress) {
  const secure = tls === false ? undefined : tls === true ? {} : tls;
  const name = secure?.serverName ?? host;
  const reach = { host, port, reconnectStrategy: false as const, connectTimeout: 30_000 };
  return createClient({
    socket:
      secure === undefined
        ? { ...reach, keepAlive: true }
        : {
            ...reach,
            tls: true,
            ...(isIP(name) === 0 ? { servername: name } : {}),
            checkServerIdentity: (_host: string, certificate: PeerCertificate) =>
              checkServerIdentity(name, certificate),
            ...(secure.caFile === undefined ? {} : { ca: readFileSync(secure.caFile, 'utf8') }),
          },
    username,
    password,
    database,
    name: 'live-runbooks',
    RESP: 2,
    disableOfflineQueue: true,
    disableClientInfo: true,
    maintNotifications: 'disabled',
  });
}

/** Begins to connect; `Held` keeps the attempt while the server hangs. */
export function openRedisSession(target: RedisAddress): Attempt<RedisSession> {
  const client = newClient(target);
  const session: RedisSession = { client, broken: false };
  let stage: ReturnType<Attempt<RedisSession>['stage']> = 'tcp';
  client.on('connect', () => {
    stage = 'answer';
  });
  client.on('error', () => {
    session.broken = true;
  });
  client.on('end', () => {
    session.broken = true;
  });
  const connected = client.connect().then(() => {
    session.broken = false;
    return session;
  });
  return { connected, stage: () => stage, abandon: () => discardRedisSession(session) };
}

export function discardRedisSession(session: RedisSession): void {
  session.broken = true;
  try {
    session.client.destroy();
  } catch {
    // It was closed before.
  }
}

/**
 * Commands in one round trip. Each answers its reply or its error; only a server that says nothing rejects, with
 * `RedisSessionLost`, and the session has to be thrown away.
 */
export async function askRedis(
  session: RedisSession,
  deadline: Deadline,
  commands: ReadonlyArray<readonly string[]>
): Promise<ReadonlyArray<Reply | Error>> {
  if (session.broken) {
    throw new RedisSessionLost('the connection was lost');
  }
  const replies = commands.map((command) =>
    session.client.sendCommand([...command]).then(
      (reply) => reply as unknown as Reply,
      (error: unknown) => (error instanceof Error ? error : new Error(String(error)))
    )
  );
  try {
    const answered = await before(deadline.within(ANSWER_MS), 'Redis', Promise.all(replies));
    if (session.broken) {
      throw new RedisSessionLost('the connection was lost');
    }
    return answered;
  } catch (error) {
    session.broken = true;
    throw error instanceof DeadlineExceeded ? new RedisSessionLost(error.message) : error;
  }
}
