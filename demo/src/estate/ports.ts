/** One block of ports for the whole estate, so that an address stays the same from one start to the next. */
import { createServer } from 'node:net';

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

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}

const blockAt = (base: number): Ports =>
  Object.fromEntries(NAMES.map((name, offset) => [name, base + offset])) as Record<PortName, number>;

async function takenIn(ports: Ports): Promise<PortName | undefined> {
  for (const name of NAMES) {
    if (!(await isFree(ports[name]))) {
      return name;
    }
  }
  return undefined;
}

/**
 * The block at `base`, or without one the first free block from 13000.
 * Errors: a port of the asked block is in use (its number and what it is for); no block is free.
 */
export async function choosePorts(base?: number): Promise<Ports> {
  if (base !== undefined) {
    if (!Number.isInteger(base) || base < 1024 || base > 65535 - BLOCK) {
      throw new Error(`DEMO_PORT_BASE (--port-base) must be a whole number from 1024 to ${65535 - BLOCK}, not ${base}`);
    }
    const ports = blockAt(base);
    const taken = await takenIn(ports);
    if (taken !== undefined) {
      throw new Error(
        `port ${ports[taken]} (${taken}) is in use. Choose another block of ${BLOCK} free ports: DEMO_PORT_BASE=<number>, or --port-base <number>`
      );
    }
    return ports;
  }
  for (let candidate = FIRST_BASE; candidate <= LAST_BASE; candidate += BLOCK) {
    const ports = blockAt(candidate);
    if ((await takenIn(ports)) === undefined) {
      return ports;
    }
  }
  throw new Error(
    `no block of ${NAMES.length} free ports between ${FIRST_BASE} and ${LAST_BASE + BLOCK}; set DEMO_PORT_BASE`
  );
}
