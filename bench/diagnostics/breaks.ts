/** Ways in which a server, or the way to it, breaks for a moment, and how each is healed. */
import { type AddressInfo, type Socket, connect, createServer } from 'node:net';
import type { PostgresRig } from '../../diagnostics/tests/rig/postgres';
import type { RedisRig } from '../../diagnostics/tests/rig/redis';
import { REDIS_PASSWORD } from '../../diagnostics/tests/rig/secrets';
import { pause } from './running';

export interface Estate {
  readonly postgres: PostgresRig;
  readonly redis: RedisRig;
  readonly toPostgres: Proxy;
  readonly toRedis: Proxy;
  /** From 0 to 1, the same each time that this bench runs with the same seed. */
  readonly random: () => number;
}

export interface Break {
  readonly name: string;
  readonly target: 'postgres' | 'redis';
  /** Answers how it is healed; undefined: it is over already. */
  readonly make: (estate: Estate) => Promise<undefined | (() => Promise<void>)>;
}

/** A proxy that lets everything through until it is told to cut. */
export interface Proxy {
  readonly port: number;
  /** Every connection ends after so many more bytes of answers, once. */
  cutAfter(bytes: number): void;
  close(): void;
}

export async function proxyTo(portOf: () => number): Promise<Proxy> {
  const open = new Set<Socket>();
  const left = new Map<Socket, number>();
  const server = createServer((client) => {
    const upstream = connect(portOf(), '127.0.0.1');
    const end = (): void => {
      client.destroy();
      upstream.destroy();
      open.delete(client);
      left.delete(client);
    };
    open.add(client);
    for (const socket of [client, upstream]) {
      socket.on('error', end);
      socket.on('close', end);
    }
    client.pipe(upstream);
    upstream.on('data', (data) => {
      const most = left.get(client);
      if (most === undefined || data.length < most) {
        client.write(data);
        if (most !== undefined) {
          left.set(client, most - data.length);
        }
      } else {
        client.end(data.subarray(0, most), end);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    cutAfter(bytes) {
      open.forEach((client) => left.set(client, bytes));
    },
    close() {
      server.close();
      open.forEach((client) => client.destroy());
    },
  };
}

/** Asks as the superuser of Postgres, on a connection of its own that stays open while what it did is to last. */
async function asAdmin(estate: Estate, sql: string): Promise<() => Promise<void>> {
  const client = await estate.postgres.admin();
  await client.query(sql);
  return async () => {
    await client.end().catch(() => undefined);
  };
}

const once = async (estate: Estate, sql: string): Promise<void> => (await asAdmin(estate, sql))();

async function redisAdmin({ redis }: Estate, ...commands: ReadonlyArray<readonly string[]>): Promise<void> {
  const client = await redis.admin();
  for (const command of commands) {
    await client.sendCommand([...command]);
  }
  client.destroy();
}

const between = ({ random }: Estate, least: number, most: number): number => least + random() * (most - least);

/** Stops a server for a moment, and does not wait for it. */
const frozen = (estate: Estate, server: { thaw(): void }): (() => Promise<void>) => {
  const thawed = pause(between(estate, 200, 2500)).then(() => server.thaw());
  return () => thawed;
};

const standsStill = (target: Break['target']): Break => ({
  name: 'the server stands still',
  target,
  make: (estate) => {
    const { server } = estate[target];
    server.freeze();
    return Promise.resolve(frozen(estate, server));
  },
});

/** @param most bytes of the answer that come through, at the most */
const answerIsCut = (target: Break['target'], proxyOf: (estate: Estate) => Proxy, most: number): Break => ({
  name: 'an answer is cut',
  target,
  make: (estate) => {
    proxyOf(estate).cutAfter(Math.ceil(between(estate, 1, most)));
    return Promise.resolve(undefined);
  },
});

export const BREAKS: readonly Break[] = [
  {
    name: 'the session is terminated',
    target: 'postgres',
    make: async (estate) => {
      await once(estate, `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'live_runbooks'`);
      return undefined;
    },
  },
  standsStill('postgres'),
  {
    name: 'the postmaster stands still',
    target: 'postgres',
    make: (estate) => {
      estate.postgres.server.freeze({ postmasterOnly: true });
      return Promise.resolve(frozen(estate, estate.postgres.server));
    },
  },
  {
    name: 'the server restarts',
    target: 'postgres',
    make: ({ postgres }) => {
      const restarted = postgres.server.restart();
      return Promise.resolve(() => restarted);
    },
  },
  ...['pg_class', 'pg_authid', 'pg_database'].map((catalog): Break => ({
    name: `${catalog} is locked`,
    target: 'postgres',
    make: (estate) => asAdmin(estate, `BEGIN; LOCK TABLE ${catalog} IN ACCESS EXCLUSIVE MODE`),
  })),
  {
    name: 'rights are revoked',
    target: 'postgres',
    make: async (estate) => {
      await once(estate, 'REVOKE pg_monitor FROM live_runbooks');
      return () => once(estate, 'GRANT pg_monitor TO live_runbooks');
    },
  },
  answerIsCut('postgres', ({ toPostgres }) => toPostgres, 20_000),
  {
    name: 'the connection is killed',
    target: 'redis',
    make: async (estate) => {
      await redisAdmin(estate, ['CLIENT', 'KILL', 'USER', 'live_runbooks']);
      return undefined;
    },
  },
  {
    name: 'the server sleeps',
    target: 'redis',
    make: async (estate) => {
      const client = await estate.redis.admin();
      const slept = client.sendCommand(['DEBUG', 'SLEEP', between(estate, 0.2, 2.5).toFixed(2)]);
      return async () => {
        await slept;
        client.destroy();
      };
    },
  },
  standsStill('redis'),
  {
    name: 'no client more',
    target: 'redis',
    make: async (estate) => {
      const client = await estate.redis.admin();
      await client.sendCommand(['CONFIG', 'SET', 'maxclients', '1']);
      return async () => {
        await client.sendCommand(['CONFIG', 'SET', 'maxclients', '10000']);
        client.destroy();
      };
    },
  },
  {
    name: 'the password is changed',
    target: 'redis',
    make: async (estate) => {
      const user = ['ACL', 'SETUSER', 'live_runbooks', 'resetpass'];
      await redisAdmin(estate, [...user, '>another'], ['CLIENT', 'KILL', 'USER', 'live_runbooks']);
      return () => redisAdmin(estate, [...user, `>${REDIS_PASSWORD}`]);
    },
  },
  answerIsCut('redis', ({ toRedis }) => toRedis, 5000),
];
