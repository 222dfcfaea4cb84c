import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { estate } from './estate';

/** What happens to a request on its way to the diagnostics service, and to its answer on the way back. */
interface Interference {
  /** Sent instead of the token that Grafana adds. */
  readonly authorization?: string;
  /** Nothing is passed on before this resolves. */
  readonly until?: Promise<void>;
  /** Answered instead of what the service says, with status 200. */
  readonly body?: string;
  /** Content type of the answer; JSON unless told. */
  readonly type?: string;
}

export interface ServiceBetween {
  readonly url: string;
  readonly close: () => void;
}

/** Stands between Grafana and the real diagnostics service, so that what a page sees went through Grafana's real proxy. */
export async function startServiceBetween(interference: Interference): Promise<ServiceBetween> {
  const service = (await estate()).urls.diagnostics;
  const server = createServer((request, response) => {
    const pass = async () => {
      await interference.until;
      const answer = await fetch(service + request.url, {
        headers: { authorization: interference.authorization ?? request.headers.authorization ?? '' },
      });
      const body = await answer.text();
      response.writeHead(interference.body === undefined ? answer.status : 200, {
        'content-type': interference.type ?? 'application/json',
      });
      response.end(interference.body ?? body);
    };
    pass().catch((error: Error) => response.destroy(error));
  });
  const port = await listening(server);
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url: `http://127.0.0.1:${port}`, close };
}

/** An address of this machine at which nobody listens: its port was free a moment ago. */
export async function deadAddress(): Promise<string> {
  const server = createServer();
  const port = await listening(server);
  await new Promise((closed) => server.close(closed));
  return `http://127.0.0.1:${port}`;
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}
