import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createFetchAsk } from '../src';

let server: Server | undefined;

async function serve(handle: (request: IncomingMessage, response: ServerResponse, body: string) => void) {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => handle(request, response, body));
  });
  await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/grafana/`;
}

afterEach(async () => {
  server?.closeAllConnections();
  await new Promise((resolve) => (server ? server.close(resolve) : resolve(undefined)));
  server = undefined;
});

const never = new AbortController().signal;

describe('createFetchAsk', () => {
  it('sends method, path below the root, parameters, headers and JSON', async () => {
    const baseUrl = await serve((request, response, body) => {
      response.end(
        JSON.stringify({ method: request.method, url: request.url, token: request.headers.authorization, body })
      );
    });
    const ask = createFetchAsk({ baseUrl, headers: { Authorization: 'Bearer t' } });
    expect(await ask({ method: 'GET', url: '/api/x', params: { targets: 'a,b' } }, never)).toEqual({
      status: 200,
      body: { method: 'GET', url: '/grafana/api/x?targets=a%2Cb', token: 'Bearer t', body: '' },
    });
    expect(await ask({ method: 'POST', url: '/api/y', body: { a: 1 } }, never)).toMatchObject({
      body: { method: 'POST', url: '/grafana/api/y', body: '{"a":1}' },
    });
  });

  it('resolves for every status, with text where the body is not JSON', async () => {
    const baseUrl = await serve((_, response) => {
      response.writeHead(502).end();
    });
    expect(await createFetchAsk({ baseUrl })({ method: 'GET', url: '/x' }, never)).toEqual({ status: 502, body: '' });
  });

  it('rejects when aborted, and the server sees it', async () => {
    let closed = () => {};
    const gone = new Promise<void>((resolve) => (closed = resolve));
    const controller = new AbortController();
    const baseUrl = await serve((_, response) => {
      response.on('close', closed);
      controller.abort();
    });
    await expect(createFetchAsk({ baseUrl })({ method: 'GET', url: '/x' }, controller.signal)).rejects.toMatchObject({
      name: 'AbortError',
    });
    await gone;
  });

  it('rejects when nobody listens', async () => {
    const baseUrl = await serve((_, response) => response.end());
    await new Promise((resolve) => server!.close(resolve));
    await expect(createFetchAsk({ baseUrl })({ method: 'GET', url: '/x' }, never)).rejects.toThrow('fetch failed');
  });
});
