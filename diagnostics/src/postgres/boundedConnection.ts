/**
 * A connection of node-postgres within bounds: the library collects a message until it is whole, and a server
 * that announces two gigabytes fills the memory. Here each message and each answer is counted before the library sees it.
 * https://www.postgresql.org/docs/current/protocol-message-formats.html
 */
import type { Socket } from 'node:net';
import pg from 'pg';

/** Bytes of one message: the widest row that any check or configured query has a use for. */
const MESSAGE_BYTES = 8 * 1024 * 1024;
/** Bytes of one answer, up to the next ReadyForQuery. */
const ANSWER_BYTES = 16 * 1024 * 1024;
/** The type of a message, and its length, which counts itself. */
const HEAD = 5;
const READY_FOR_QUERY = 0x5a;

/** More came than is read, or no message at all; the session is over. */
export class UnreadableAnswer extends Error {}

/** Follows the messages of a stream without keeping them. */
export class MessageCounter {
  private readonly head = Buffer.alloc(HEAD);
  private headBytes = 0;
  private left = 0;
  private answer = 0;

  /** Errors: `UnreadableAnswer`. */
  count(chunk: Buffer): void {
    this.answer += chunk.length;
    for (let at = 0; at < chunk.length;) {
      if (this.left > 0) {
        const taken = Math.min(this.left, chunk.length - at);
        this.left -= taken;
        at += taken;
      } else {
        const taken = Math.min(HEAD - this.headBytes, chunk.length - at);
        chunk.copy(this.head, this.headBytes, at, at + taken);
        this.headBytes += taken;
        at += taken;
        if (this.headBytes === HEAD) {
          this.begin(chunk.length - at);
        }
      }
    }
    if (this.answer > ANSWER_BYTES) {
      throw new UnreadableAnswer(
        `the server sends more than ${ANSWER_BYTES} bytes as one answer, the rest is not read`
      );
    }
  }

  private begin(following: number): void {
    const length = this.head.readUInt32BE(1);
    this.headBytes = 0;
    if (length < 4) {
      throw new UnreadableAnswer('what answers does not speak the protocol of Postgres');
    }
    this.left = length - 4;
    if (this.left > MESSAGE_BYTES) {
      throw new UnreadableAnswer(`the server announces a message of ${length} bytes; ${MESSAGE_BYTES} are read`);
    }
    if (this.head[0] === READY_FOR_QUERY) {
      this.answer = following;
    }
  }
}

interface Attaching {
  attachListeners(stream: Socket): void;
}

/** For `connection` of a client's configuration, made with the same `ssl`. */
export function boundedConnection(config: {
  readonly keepAlive: boolean;
  readonly ssl: pg.ClientConfig['ssl'];
}): pg.Connection {
  const connection = new pg.Connection(config as pg.ConnectionConfig);
  // Called with the stream that speaks the protocol: the socket, or TLS over it. Not part of the types of node-postgres.
  const attaching = connection as unknown as Attaching;
  const attach = attaching.attachListeners.bind(connection);
  attaching.attachListeners = (stream) => attach(counted(stream));
  return connection;
}

/** What the library sees of a stream: nothing from the chunk on that is too large or no message. */
function counted(stream: Socket): Socket {
  const counter = new MessageCounter();
  const seen = {
    on(event: string, listener: (...given: unknown[]) => void) {
      stream.on(event, (...given: unknown[]) => {
        if (event === 'data') {
          try {
            counter.count(given[0] as Buffer);
          } catch (error) {
            stream.removeAllListeners('data');
            stream.destroy(error as Error);
            return;
          }
        }
        listener(...given);
      });
      return seen;
    },
  };
  return seen as unknown as Socket;
}
