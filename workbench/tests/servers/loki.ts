import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RunningServer } from './prometheus';

/** A Loki that has two lines of a second ago, and no ruler. */
export async function startLoki(): Promise<RunningServer> {
  const server = http.createServer((request, response) => {
    if (!request.url?.startsWith('/loki/api/v1/query')) {
      response.writeHead(404, { 'Content-Type': 'text/plain' });
      response.end('404 page not found\n');
      return;
    }
    const nanoseconds = `${Date.now() - 1000}000000`;
    const result = ['error', 'info'].map((level) => ({
      stream: { app: 'gorax-api', detected_level: level },
      values: [[nanoseconds, `a line of level ${level}`]],
    }));
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify({ status: 'success', data: { resultType: 'streams', result, stats: {} } }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
