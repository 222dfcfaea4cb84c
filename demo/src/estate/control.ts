/**
 * The control server, on loopback: `GET /faults`, `POST /faults/{name}`, `DELETE /faults`, `GET /estate`. It answers only
 * requests that name loopback as their host and come from no page of another site, so that no site can break the estate.
 */
import { type IncomingMessage, type Server, type ServerResponse, createServer } from 'node:http';
import type { Fault } from '../faults';

export interface FaultState {
  readonly name: string;
  readonly title: string;
  readonly watch: string;
  readonly expect: Fault['expect'];
  readonly alsoTrue: NonNullable<Fault['alsoTrue']>;
  readonly active: boolean;
  /** When it was injected, ms since the epoch; only while it is active. */
  readonly since?: number;
}

interface ControlOptions {
  readonly port: number;
  readonly faults: readonly Fault[];
  /** The answer of `GET /estate`. */
  readonly estate: () => object;
}

export interface FaultBoard {
  list(): FaultState[];
  /** Errors: an unknown name (with the names there are). One change at a time, in the order asked. */
  inject(name: string): Promise<FaultState>;
  /** Clears all; tries every one before it reports the first error. */
  clear(): Promise<void>;
}

function faultBoard(faults: readonly Fault[]): FaultBoard {
  const since = new Map<string, number>();
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  };
  const stateOf = ({ name, title, watch, expect, alsoTrue = [], active }: Fault): FaultState => {
    const at = since.get(name);
    return {
      ...{ name, title, watch, expect, alsoTrue, active: active() },
      ...(active() && at !== undefined ? { since: at } : {}),
    };
  };
  return {
    list: () => faults.map(stateOf),
    inject: (name) =>
      inTurn(async () => {
        const fault = faults.find((each) => each.name === name);
        if (fault === undefined) {
          throw Object.assign(
            new Error(`there is no fault "${name}"; there are: ${faults.map((each) => each.name).join(', ')}`),
            {
              statusCode: 404,
            }
          );
        }
        if (!fault.active()) {
          since.set(name, Date.now());
        }
        await fault.inject();
        return stateOf(fault);
      }),
    clear: () =>
      inTurn(async () => {
        const problems: string[] = [];
        // Servers come back first: the others need them to put things right.
        const servers = faults.filter(({ name }) => name === 'postgres-stopped' || name === 'redis-gone');
        for (const fault of [...servers, ...faults.filter((each) => !servers.includes(each))]) {
          await fault.clear().catch((error: Error) => problems.push(`${fault.name}: ${error.message}`));
        }
        since.clear();
        if (problems.length > 0) {
          throw new Error(`not everything could be cleared (${problems.join('; ')}); try again`);
        }
      }),
  };
}

function refuse(request: IncomingMessage): string | undefined {
  const host = (request.headers.host ?? '').replace(/:\d+$/, '');
  if (host !== '127.0.0.1' && host !== 'localhost') {
    return 'the control server answers on loopback only';
  }
  const { origin } = request.headers;
  const local = origin === undefined || /^https?:\/\/(127\.0\.0\.1|localhost)(:\d+)?$/.test(origin);
  return local ? undefined : 'the control server does not answer web pages from elsewhere';
}

async function answer(request: IncomingMessage, board: FaultBoard, estate: () => object): Promise<[number, object]> {
  const path = new URL(request.url ?? '/', 'http://127.0.0.1').pathname;
  const route = `${request.method} ${path}`;
  if (route === 'GET /faults') {
    return [200, { faults: board.list() }];
  }
  if (route === 'DELETE /faults') {
    await board.clear();
    return [200, { faults: board.list() }];
  }
  if (route === 'GET /estate') {
    return [200, estate()];
  }
  const named = /^POST \/faults\/([\w-]+)$/.exec(route)?.[1];
  if (named !== undefined) {
    return [200, await board.inject(named)];
  }
  return [
    404,
    {
      error: {
        code: 'not-found',
        message: `no route ${route}`,
        mend: 'GET /faults, POST /faults/{name}, DELETE /faults, GET /estate',
      },
    },
  ];
}

export function serveControl({ port, faults, estate }: ControlOptions): Promise<{ server: Server; board: FaultBoard }> {
  const board = faultBoard(faults);
  const send = (response: ServerResponse, status: number, body: object): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(`${JSON.stringify(body)}\n`);
  };
  const server = createServer((request, response) => {
    const refused = refuse(request);
    if (refused !== undefined) {
      send(response, 403, { error: { code: 'forbidden', message: refused } });
      return;
    }
    answer(request, board, estate).then(
      ([status, body]) => send(response, status, body),
      (error: Error & { statusCode?: number }) =>
        send(response, error.statusCode ?? 500, {
          error: { code: error.statusCode === 404 ? 'not-found' : 'failed', message: error.message },
        })
    );
  });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve({ server, board }));
  });
}
