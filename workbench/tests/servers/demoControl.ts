import http from 'node:http';
import type { AddressInfo } from 'node:net';

export interface DemoControl {
  url: string;
  /** What came in, as `POST /faults/x`. */
  asked: string[];
  stop: () => Promise<void>;
}

/** A control server of the demo with two faults; injecting the second one fails. */
export async function startDemoControl(): Promise<DemoControl> {
  const active = new Set<string>();
  const faults = [
    { name: 'idle-in-transaction', title: 'Idle in transaction', watch: 'Lock contention leads within 45 s' },
    { name: 'postgres-stopped', title: 'Postgres stopped', watch: 'Every check of Postgres says refused' },
  ];
  const asked: string[] = [];
  const server = http.createServer((request, response) => {
    const path = request.url ?? '';
    const name = path.slice('/faults/'.length);
    asked.push(`${request.method} ${path}`);
    const answer = (status: number, body: unknown) => {
      response.writeHead(status, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify(body));
    };
    if (request.method === 'POST' && name === 'postgres-stopped') {
      return answer(500, { error: { code: 'failed', message: 'pg_ctl is not there' } });
    }
    if (request.method === 'POST') {
      active.add(name);
    } else if (request.method === 'DELETE') {
      active.clear();
    }
    const since = { since: Date.now() - 2000 };
    const states = faults.map((fault) => ({
      ...fault,
      ...(active.has(fault.name) ? { active: true, ...since } : { active: false }),
    }));
    answer(200, request.method === 'POST' ? states.find((state) => state.name === name) : { faults: states });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
