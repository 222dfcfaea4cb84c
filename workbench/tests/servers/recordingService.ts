import http, { type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';

export interface RecordingService {
  url: string;
  port: number;
  /** How many requests for `/stream` are open. */
  openStreams: () => number;
  /** Sends a line to every open stream. */
  writeToStreams: (line: string) => void;
  stop: () => Promise<void>;
}

/** The service behind the proxy, as it was when the exchanges were recorded: it answers with what it was asked. */
export async function startRecordingService(): Promise<RecordingService> {
  const streams = new Set<ServerResponse>();
  const server = http.createServer((request, response) => void answer(request, response, streams));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    openStreams: () => streams.size,
    writeToStreams: (line) => streams.forEach((stream) => stream.write(line)),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, streams: Set<ServerResponse>): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://service');
  const json = { 'Content-Type': 'application/json' };
  const code = Number(url.searchParams.get('code'));
  switch (url.pathname) {
    case '/status':
      response.writeHead(code, {
        ...json,
        'Set-Cookie': 'session=1',
        'Cache-Control': 'max-age=60',
        'X-Upstream': 'yes',
      });
      return void response.end(code === 204 ? undefined : JSON.stringify({ error: `upstream says ${code}` }));
    case '/drop':
      return void request.socket.destroy();
    case '/text':
      response.writeHead(200, { 'Content-Type': 'text/html' });
      return void response.end('<script>1</script>');
    case '/gzip':
      response.writeHead(200, { ...json, 'Content-Encoding': 'gzip' });
      return void response.end(gzipSync(JSON.stringify({ gz: 'x'.repeat(2000) })));
    case '/stream':
      response.writeHead(200, { 'Content-Type': 'application/x-ndjson' });
      response.flushHeaders();
      streams.add(response);
      return void response.on('close', () => streams.delete(response));
  }
  const chunks: Buffer[] = [];
  for await (const chunk of request) {
    chunks.push(chunk as Buffer);
  }
  const body = Buffer.concat(chunks).toString('utf8');
  const { url: asked, method, headers } = request;
  response.writeHead(200, json);
  response.end(JSON.stringify({ url: asked, method, headers, bodyBytes: Buffer.byteLength(body), body }));
}
