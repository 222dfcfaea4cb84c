/**
 * Finds out what happens to a client that connects now. The held session cannot tell: it works while the postmaster hangs, while
 * the server is full, and while it shuts down. So each round one connection goes as far as the server's first answer to
 * the startup packet, and closes: it never logs in and is never a session. Refusals (starting up, shutting down, too many
 * clients) come at once; a server that asks for a password would take us.
 *
 * With TLS an SSLRequest comes first, which every server answers with one byte before it looks at anything: without that
 * byte the postmaster hangs; silence after it means that logins hang, not the server. Without TLS a second connection
 * asks that, once the first has waited for a while: a server with TLS would log a client that asks for it and goes.
 */
import { connect as connectTcp, type Socket } from 'node:net';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { type PostgresFailure, classifyPostgres } from './classify';

export interface ProbeTarget {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly database: string;
  /** Undefined: not encrypted. */
  readonly ssl: SslOptions;
}
type SslOptions = { readonly cert?: unknown; readonly key?: unknown } | undefined;

/** What the probe waits for. */
export type ProbeStage = 'tcp' | 'postmaster' | 'login';

export interface Probe {
  /** Undefined: the server would let us log in. Never rejects. */
  readonly refused: Promise<PostgresFailure | undefined>;
  stage(): ProbeStage;
  abandon(): void;
  /** Looks whether silence is the postmaster's, or only that of logins; `stage` says it then. Never rejects. */
  postmasterAnswers(): Promise<void>;
}

const LIMIT_MS = 30_000;
/** What the second connection waits. */
const SECOND_MS = 200;

const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);

/** How long a server gets to close its side after us. */
const GOODBYE_MS = 1000;
/** Terminate, for a server that let us in without a password. */
const TERMINATE = Buffer.from([0x58, 0, 0, 0, 4]);

/** A probe without an answer is kept by its caller: a hanging server's queue must not fill with new ones. */
export function probePostgres(target: ProbeTarget): Probe {
  let stage: ProbeStage = 'tcp';
  let socket: Socket = connectTcp(addressOf(target));
  let abandon = (): void => undefined;

  const refused = new Promise<PostgresFailure | undefined>((resolve) => {
    let over = false;
    const end = (failure: PostgresFailure | undefined, close: () => void = () => socket.destroy()): void => {
      if (!over) {
        over = true;
        clearTimeout(timer);
        close();
        resolve(failure);
      }
    };
    const classify = (error: unknown): PostgresFailure => classifyPostgres(error, target.ssl !== undefined);
    const fail = (error: unknown): void => end(classify(error));
    const timer = setTimeout(() => end({ class: 'timeout', message: 'no answer' }), LIMIT_MS);
    timer.unref();
    abandon = () => end({ class: 'unknown', message: 'the probe was abandoned' });
    const closed = (): void => fail(new Error('the server closed the connection without an answer'));
    socket.on('error', fail);
    socket.on('close', closed);
    socket.once('connect', () => {
      stage = 'postmaster';
      if (target.ssl === undefined) {
        login();
      } else {
        socket.write(SSL_REQUEST);
        socket.once('data', answered);
      }
    });

    const login = (): void => {
      socket.write(startupPacket(target));
      socket.once('data', (data) => {
        // 'R' asks for a password (or lets us in): it would take us. 'E' is a refusal.
        const isIn = data[0] === 0x52 && data.length >= 9 && data.readInt32BE(5) === 0;
        const leave = (): void => leaveQuietly(socket, isIn);
        if (data[0] === 0x45) {
          end(classify(readError(data)), leave);
        } else {
          end(undefined, leave);
        }
      });
    };

    const answered = (data: Buffer): void => {
      stage = 'login';
      if (data[0] === 0x53) {
        // Nothing secret is sent, so the server's certificate does not matter here; the held session checks it.
        socket.off('close', closed);
        socket = connectTls({ socket, rejectUnauthorized: false, ...ownCertificate(target.ssl) }, login);
        socket.on('error', fail);
        socket.on('close', closed);
      } else if (data[0] === 0x4e) {
        login();
      } else {
        fail(readError(data));
      }
    };
  });
  return {
    refused,
    stage: () => stage,
    abandon: () => abandon(),
    async postmasterAnswers() {
      stage = stage === 'postmaster' && (await answersAtAll(target)) ? 'login' : stage;
    },
  };
}

const ownCertificate = (ssl: SslOptions): Pick<ConnectionOptions, 'cert' | 'key'> =>
  ssl?.cert === undefined ? {} : { cert: ssl.cert as string, key: ssl.key as string };

/** One byte in answer to an SSLRequest is what a postmaster gives that works. */
function answersAtAll(target: ProbeTarget): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectTcp(addressOf(target));
    const end = (answered: boolean): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answered);
    };
    const timer = setTimeout(() => end(false), SECOND_MS);
    socket.once('connect', () => socket.write(SSL_REQUEST));
    socket.once('data', () => end(true));
    socket.once('error', () => end(false));
    socket.once('close', () => end(false));
  });
}

/** A name, an address, or the directory of a socket. */
const addressOf = ({ host, port }: ProbeTarget) =>
  host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { host, port };

/**
 * A connection that is closed while something of the server's is unread (a session ticket of TLS) is reset, and the server
 * logs that. So it is told that we go, and what it still says is read.
 */
function leaveQuietly(socket: Socket, isIn: boolean): void {
  const late = setTimeout(() => socket.destroy(), GOODBYE_MS);
  late.unref();
  socket.once('close', () => clearTimeout(late));
  socket.resume();
  if (isIn) {
    socket.write(TERMINATE);
  }
  socket.end();
}

function startupPacket({ user, database }: ProbeTarget): Buffer {
  const body = Buffer.from(`user\0${user}\0database\0${database}\0application_name\0live-runbooks-probe\0\0`);
  const head = Buffer.alloc(8);
  head.writeInt32BE(body.length + 8, 0);
  head.writeInt32BE(196_608, 4);
  return Buffer.concat([head, body]);
}

/** An ErrorResponse: fields of one letter and a text. The first packet holds it whole. */
function readError(data: Buffer): Error & { readonly code: string; readonly routine: string } {
  const fields = new Map<string, string>();
  for (const part of data.subarray(5).toString('utf8').split('\0')) {
    if (part.length > 1) {
      fields.set(part.charAt(0), part.slice(1));
    }
  }
  return Object.assign(new Error(fields.get('M') ?? 'the server refused without a reason'), {
    code: fields.get('C') ?? '',
    routine: fields.get('R') ?? '',
  });
}
