/**
 * What one connection may cost, so that a client that sends much or reads nothing does not use up the room of the others.
 *
 * - Requests that are sent before the one before them is answered: few. Browsers, Grafana and Prometheus send none; Node
 *   would work on a thousand of them at once, and keep a thousand answers.
 * - Connections that never showed the token: bounded by themselves; at the bound the oldest goes. The rest is for others.
 * - Answers that nobody reads: bounded over all connections; above it, nothing new is answered.
 */
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerOptions,
  type ServerResponse,
} from 'node:http';
import type { Socket } from 'node:net';

/** Requests of one connection that wait for their answer at the same time. */
export const IN_FLIGHT = 4;
/** Connections that have not shown the token. */
export const STRANGERS = 500;
/** Far more than there are viewers; it keeps idle connections from using up the file descriptors. */
const MAX_CONNECTIONS = 2_000;
/** Bytes of answers that wait to be read, of all connections together. */
const UNREAD_BYTES = 32 * 1024 * 1024;

export interface ConnectionsOptions {
  /** A connection was cut, and why: the code of a refusal. */
  readonly onCut: (code: 'pipelining' | 'strangers', socket: Socket) => void;
}

export class Connections {
  /** Requests that are not answered yet. */
  private readonly inFlight = new WeakMap<Socket, number>();
  /** In the order in which they came. */
  private readonly strangers = new Set<Socket>();
  private readonly open = new Set<Socket>();

  constructor(private readonly options: ConnectionsOptions) {}

  /** A server whose connections are counted. `configure` sets its time limits. */
  server(handler: RequestListener, options: ServerOptions): Server {
    const server = createServer(options, (request, response) => {
      if (this.admit(request, response)) {
        handler(request, response);
      }
    });
    server.maxConnections = MAX_CONNECTIONS;
    server.on('connection', (socket: Socket) => this.welcome(socket));
    return server;
  }

  /** It has shown the token. */
  known(socket: Socket): void {
    this.strangers.delete(socket);
  }

  /** So much waits to be read that nothing more is answered. */
  full(): boolean {
    let bytes = 0;
    for (const socket of this.open) {
      bytes += socket.writableLength;
    }
    return bytes > UNREAD_BYTES;
  }

  private welcome(socket: Socket): void {
    this.open.add(socket);
    this.strangers.add(socket);
    socket.once('close', () => {
      this.open.delete(socket);
      this.strangers.delete(socket);
    });
    const [oldest] = this.strangers;
    if (this.strangers.size > STRANGERS && oldest !== undefined) {
      this.cut('strangers', oldest);
    }
  }

  private admit({ socket }: IncomingMessage, response: ServerResponse): boolean {
    if (socket.destroyed) {
      // One chunk brings many requests, and Node hands over the rest of them all the same.
      return false;
    }
    const waiting = this.inFlight.get(socket) ?? 0;
    if (waiting >= IN_FLIGHT) {
      this.cut('pipelining', socket);
      return false;
    }
    this.inFlight.set(socket, waiting + 1);
    response.once('close', () => this.inFlight.set(socket, (this.inFlight.get(socket) ?? 1) - 1));
    return true;
  }

  private cut(code: 'pipelining' | 'strangers', socket: Socket): void {
    this.strangers.delete(socket);
    socket.destroy();
    this.options.onCut(code, socket);
  }
}
