/**
 * One connection to a Redis, Valkey or Sentinel: commands go out as they are, answers come back in order. The client
 * libraries believe the lengths that a server announces, and eleven bytes of a hostile one end the process.
 */
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls, type ConnectionOptions } from 'node:tls';
import { type Answer, ProtocolBroken, ReplyParser, type TextEncoding } from './parser';

export interface WireOptions {
  readonly host: string;
  readonly port: number;
  /** Undefined: not encrypted. */
  readonly tls?: ConnectionOptions | undefined;
}

export class ConnectionClosed extends Error {}

/** Far more than the commands of a round; a server that answers none of them gets no more. */
const MOST_WAITING = 1000;

export class Connection {
  /** Resolves when commands can be sent. Errors: those of the system and of TLS. */
  readonly ready: Promise<void>;
  private readonly socket: Socket;
  private readonly waiting: Array<{
    readonly encoding: TextEncoding;
    resolve(answer: Answer): void;
    reject(error: Error): void;
  }> = [];
  private ended: Error | undefined;
  private at: 'dns' | 'tcp' | 'answer';

  constructor({ host, port, tls }: WireOptions) {
    const reach = { host, port, noDelay: true, keepAlive: true };
    const socket = tls === undefined ? connectTcp(reach) : connectTls({ ...tls, ...reach });
    this.socket = socket;
    this.at = isIP(host) === 0 ? 'dns' : 'tcp';
    const parser = new ReplyParser(
      (answer) => this.hand(answer),
      () => this.waiting[0]?.encoding ?? 'utf8'
    );
    socket.once('lookup', () => (this.at = 'tcp'));
    socket.once('connect', () => (this.at = 'answer'));
    socket.on('data', (chunk: Buffer) => {
      try {
        parser.feed(chunk);
      } catch (error) {
        this.end(error as Error);
      }
    });
    socket.on('error', (error) => this.end(error));
    socket.on('close', () => this.end(new ConnectionClosed('the server closed the connection')));
    this.ready = new Promise((resolve, reject) => {
      socket.once(tls === undefined ? 'connect' : 'secureConnect', () => resolve());
      socket.once('error', reject);
      socket.once('close', () => reject(this.ended ?? new ConnectionClosed('the connection was closed')));
    });
    this.ready.catch(() => undefined);
  }

  /** How far connecting got: the name is looked up, TCP connects, the server has to answer. */
  stage(): 'dns' | 'tcp' | 'answer' {
    return this.at;
  }

  isOpen(): boolean {
    return this.ended === undefined;
  }

  /** Address and port of this end, as the server sees them when nothing in between changes them. */
  localAddress(): string | undefined {
    const { localAddress, localPort } = this.socket;
    return localAddress === undefined ? undefined : `${localAddress}:${localPort ?? 0}`;
  }

  /**
   * The answer of one command, which may be an error of the server. In `latin1` each character is one byte, so that keys go
   * and come as they are. Errors: `ConnectionClosed`, `ProtocolBroken`, those of the system.
   */
  send(words: readonly string[], encoding: TextEncoding = 'utf8'): Promise<Answer> {
    if (this.ended !== undefined) {
      return Promise.reject(this.ended);
    }
    if (this.waiting.length >= MOST_WAITING) {
      return Promise.reject(new ConnectionClosed('the server answers none of the commands'));
    }
    return new Promise((resolve, reject) => {
      this.waiting.push({ encoding, resolve, reject });
      this.corked();
      this.socket.write(encoded(words, encoding), encoding);
    });
  }

  /** What is sent in one turn goes out as one packet: a second one would meet a server that has refused the first. */
  private corked(): void {
    if (this.socket.writableCorked === 0) {
      this.socket.cork();
      process.nextTick(() => this.socket.uncork());
    }
  }

  destroy(): void {
    this.end(new ConnectionClosed('the connection was closed'));
  }

  private hand(answer: Answer): void {
    const asked = this.waiting.shift();
    if (asked !== undefined) {
      asked.resolve(answer);
    } else {
      this.end(answer instanceof Error ? answer : new ProtocolBroken('an answer came that nobody asked for'));
    }
  }

  private end(error: Error): void {
    if (this.ended !== undefined) {
      return;
    }
    this.ended = error;
    this.socket.destroy();
    this.waiting.splice(0).forEach(({ reject }) => reject(error));
  }
}

function encoded(words: readonly string[], encoding: TextEncoding): string {
  const parts = words.map((word) => `$${Buffer.byteLength(word, encoding)}\r\n${word}\r\n`);
  return `*${words.length}\r\n${parts.join('')}`;
}
