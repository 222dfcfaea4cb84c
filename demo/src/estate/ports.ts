/** One block of ports for the whole estate, so that an address stays the same from one start to the next. */
import { type Server, createServer } from 'node:net';

/** In the order of their offset from the base. */
const NAMES = [
  'workbench',
  'control',
  'prometheus',
  'goraxApi',
  'goraxWorker',
  'sqlstudioBackend',
  'kubernetes',
  'diagnostics',
  'postgresExporter',
  'redisExporter',
  'nodeExporter',
  'postgres',
  'redis',
] as const;

export type PortName = (typeof NAMES)[number];
export type Ports = Readonly<Record<PortName, number>>;

const FIRST_BASE = 13000;
const LAST_BASE = 13980;
const BLOCK = 20;

/** Ports that are the estate's until they are released. */
export interface ClaimedPorts {
  readonly ports: Ports;
  release(): Promise<void>;
}

/** Listens there, or undefined when somebody else does. */
function listenOn(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => resolve(server));
  });
}

const closed = (server: Server): Promise<void> => new Promise((resolve) => server.close(() => resolve()));

async function isFree(port: number): Promise<boolean> {
  const server = await listenOn(port);
  await (server && closed(server));
  return server !== undefined;
}

const blockAt = (base: number): Ports =>
  Object.fromEntries(NAMES.map((name, offset) => [name, base + offset])) as Record<PortName, number>;

/** The first of them that somebody else listens on. */
async function takenIn(ports: Ports): Promise<PortName | undefined> {
  for (const name of NAMES) {
    if (!(await isFree(ports[name]))) {
      return name;
    }
  }
  return undefined;
}

/**
 * The block, if it is free. Its last port is listened on for as long as the block is claimed: whoever starts a moment
 * later, before the first server listens, sees that the block is taken.
 */
async function claimedAt(base: number): Promise<ClaimedPorts | { readonly taken: number; readonly by: string }> {
  const claim = base + BLOCK - 1;
  const server = await listenOn(claim);
  if (server === undefined) {
    return { taken: claim, by: 'another estate' };
  }
  const ports = blockAt(base);
  const name = await takenIn(ports);
  if (name === undefined) {
    server.unref();
    return { ports, release: () => closed(server) };
  }
  await closed(server);
  return { taken: ports[name], by: name };
}

/**
 * The block at `base`, or without one the first free block from 13000.
 * Errors: a port of the asked block is in use (its number and what it is for); no block is free.
 */
export async function claimPorts(base?: number): Promise<ClaimedPorts> {
  if (base !== undefined) {
    if (!Number.isInteger(base) || base < 1024 || base > 65535 - BLOCK) {
      throw new Error(`DEMO_PORT_BASE (--port-base) must be a whole number from 1024 to ${65535 - BLOCK}, not ${base}`);
    }
    const claimed = await claimedAt(base);
    if ('taken' in claimed) {
      throw new Error(
        `port ${claimed.taken} (${claimed.by}) is in use. Choose another block of ${BLOCK} free ports: DEMO_PORT_BASE=<number>, or --port-base <number>`
      );
    }
    return claimed;
  }
  for (let candidate = FIRST_BASE; candidate <= LAST_BASE; candidate += BLOCK) {
    const claimed = await claimedAt(candidate);
    if (!('taken' in claimed)) {
      return claimed;
    }
  }
  throw new Error(`no block of ${BLOCK} free ports between ${FIRST_BASE} and ${LAST_BASE + BLOCK}; set DEMO_PORT_BASE`);
}
