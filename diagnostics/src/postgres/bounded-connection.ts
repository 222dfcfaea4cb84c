/**
 * A connection of node-postgres that believes no length: the library collects a message until it is whole, and a server
 * that announces two gigabytes is given them. Here each message and each answer is counted before the library sees it.
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

/** More came than is read; the session is over. */
export class AnswerTooLarge extends Error {}

/** Follows the messages of a stream without keeping them. */
export class MessageCounter {
  private readonly head = Buffer.alloc(HEAD);
  private headBytes = 0;
  private left = 0;
  private answer = 0;

  /** Errors: `AnswerTooLarge`. */
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
      throw new AnswerTooLarge(`the server sends more than ${ANSWER_BYTES} bytes as one answer, the rest is not read`);
    }
  }

  private begin(following: number): void {
    const length = this.head.readUInt32BE(1);
    this.headBytes = 0;
    this.left = Math.max(0, length - 4);
    if (this.left > MESSAGE_BYTES) {
      throw new AnswerTooLarge(`the server announces a message of ${length} bytes; ${MESSAGE_BYTES} are read`);
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
  attaching.attachListeners = (stream) => {
    const counter = new MessageCounter();
    // First, so that what is too large ends the stream with the chunk that says so; the library gets that one, no more.
    stream.on('data', (chunk: Buffer) => {
      if (!stream.destroyed) {
        try {
          counter.count(chunk);
        } catch (error) {
          stream.destroy(error as Error);
        }
      }
    });
    attach(stream);
  };
  return connection;
}
