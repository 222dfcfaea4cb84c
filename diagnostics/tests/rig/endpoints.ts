/** Real servers on loopback that behave, and ones that do not. */
import { type Socket as Datagram, createSocket } from 'node:dgram';
import http, { type RequestListener } from 'node:http';
import https from 'node:https';
import net, { type AddressInfo, type Server, type Socket } from 'node:net';

export interface Listening {
  readonly port: number;
  /** Connections taken so far. */
  connections(): number;
  close(): Promise<void>;
}

async function listening(server: Server): Promise<Listening> {
  const open = new Set<Socket>();
  let taken = 0;
  server.on('connection', (socket: Socket) => {
    taken += 1;
    open.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => open.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    connections: () => taken,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        open.forEach((socket) => socket.destroy());
      }),
  };
}

export const httpServer = (answer: RequestListener): Promise<Listening> => listening(http.createServer(answer));

export const httpsServer = (pem: { cert: string; key: string }, answer: RequestListener): Promise<Listening> =>
  listening(https.createServer(pem, answer));

/** Whatever `talk` does with each connection; nothing: it takes them and never answers. */
export const tcpServer = (talk: (socket: Socket) => void = () => undefined): Promise<Listening> =>
  listening(net.createServer(talk));

/** A response code of DNS, addresses, or silence. */
export type DnsAnswer = { readonly code: number } | { readonly addresses: readonly string[] } | 'silence';

/** A DNS server for A records: enough of RFC 1035 for a resolver to be content. */
export async function dnsServer(zone: Readonly<Record<string, DnsAnswer>>): Promise<{ port: number; close(): void }> {
  const socket: Datagram = createSocket('udp4');
  socket.on('message', (query, from) => {
    const { name, end } = questionOf(query);
    const answer = zone[name] ?? { code: 3 };
    if (answer === 'silence') {
      return;
    }
    const addresses = 'addresses' in answer ? answer.addresses : [];
    const header = Buffer.alloc(12);
    query.copy(header, 0, 0, 2);
    header.writeUInt16BE(0x8180 | ('code' in answer ? answer.code : 0), 2);
    header.writeUInt16BE(1, 4);
    header.writeUInt16BE(addresses.length, 6);
    const records = addresses.map((address) =>
      // The name of the question, A, IN, 60 s, 4 bytes.
      Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...address.split('.').map(Number)])
    );
    socket.send(Buffer.concat([header, query.subarray(12, end), ...records]), from.port, from.address);
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return { port: socket.address().port, close: () => socket.close() };
}

function questionOf(query: Buffer): { name: string; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += length + 1;
  }
  return { name: labels.join('.').toLowerCase(), end: at + 5 };
}
