/**
 * What does a client meet that connects now? The held session cannot tell: it works while the postmaster hangs, while
 * the server is full, and while it shuts down. So each round one connection goes as far as the server's first answer to
 * the startup packet, and closes: it never logs in and is never a session.
 *
 * First an SSLRequest, which every server answers with one byte before it looks at anything: without that byte the
 * postmaster hangs. Then the startup packet: refusals (starting up, shutting down, too many clients) come at once; a
 * server that asks for a password would take us. Silence after the first byte means that logins hang, not the server.
 */
import { connect as connectTcp, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Failure } from '../model/failure';
import { classifyPostgres } from './classify';

export interface ProbeTarget {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
}

/** What the probe waits for. */
export type ProbeStage = 'tcp' | 'postmaster' | 'login';

export interface Probe {
  /** Undefined: the server would let us log in. Never rejects. */
  readonly refused: Promise<Failure | undefined>;
  stage(): ProbeStage;
  abandon(): void;
}

const LIMIT_MS = 30_000;

const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

/** A probe without an answer is kept by its caller: a hanging server's queue must not fill with new ones. */
export function probePostgres(target: ProbeTarget): Probe {
  let stage: ProbeStage = 'tcp';
  let socket: Socket = connectTcp({ host: target.host, port: target.port });
  let abandon = (): void => undefined;

  const refused = new Promise<Failure | undefined>((resolve) => {
    let over = false;
    const end = (failure: Failure | undefined): void => {
      if (!over) {
        over = true;
        clearTimeout(timer);
        socket.destroy();
        resolve(failure);
      }
    };
    const fail = (error: unknown): void => end(classifyPostgres(error));
    const timer = setTimeout(() => end({ class: 'timeout', message: 'no answer' }), LIMIT_MS);
    timer.unref();
    abandon = () => end({ class: 'unknown', message: 'the probe was abandoned' });
    const closed = (): void => fail(new Error('the server closed the connection without an answer'));
    socket.on('error', fail);
    socket.on('close', closed);
    socket.once('connect', () => {
      stage = 'postmaster';
      socket.write(SSL_REQUEST);
    });

    const login = (): void => {
      stage = 'login';
      socket.write(startupPacket(target));
      socket.once('data', (data) => {
        // 'R' asks for a password (or lets us in): it would take us. 'E' is a refusal.
        if (data[0] === 0x45) {
          fail(readError(data));
        } else {
          end(undefined);
        }
      });
    };

    socket.once('data', (data) => {
      if (data[0] === 0x53) {
        // Nothing secret is sent, so the certificate does not matter here; the held session checks it.
        socket.off('close', closed);
        socket = connectTls({ socket, rejectUnauthorized: false }, login);
        socket.on('error', fail);
        socket.on('close', closed);
      } else if (data[0] === 0x4e) {
        login();
      } else {
        fail(readError(data));
      }
    });
  });
  return { refused, stage: () => stage, abandon: () => abandon() };
}

function startupPacket({ user, database }: ProbeTarget): Buffer {
  const body = Buffer.from(`user\0${user}\0database\0${database}\0application_name\0live-runbooks-probe\0\0`);
  const head = Buffer.alloc(8);
  head.writeInt32BE(body.length + 8, 0);
  head.writeInt32BE(196_608, 4);
  return Buffer.concat([head, body]);
}

/** An ErrorResponse: fields of one letter and a text. The first packet holds it whole. */
function readError(data: Buffer): Error & { code?: string } {
  const fields = new Map<string, string>();
  for (const part of data.subarray(5).toString('utf8').split('\0')) {
    if (part.length > 1) {
      fields.set(part.charAt(0), part.slice(1));
    }
  }
  return Object.assign(new Error(fields.get('M') ?? 'the server refused without a reason'), {
    code: fields.get('C') ?? '',
  });
}
