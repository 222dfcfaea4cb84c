/** The one connection that is held open to a Redis server, and how a question is put to it without waiting for long. */
import { isIP } from 'node:net';
import { type PeerCertificate, checkServerIdentity } from 'node:tls';
import { before, type Deadline, DeadlineExceeded } from '../model/deadline';
import type { Attempt } from '../model/held';
import { readTargetFile, tlsFiles } from '../model/targetFile';
import { TlsMismatch } from '../model/tlsFailure';
import type { RedisConnectionConfig } from './connectionConfig';
import { speaksPlain, speaksTls } from './plainOrTls';
import { Connection, ConnectionClosed, type WireOptions } from './wire/connection';
import { type Answer, ProtocolBroken, type Reply, type TextEncoding } from './wire/parser';

export interface RedisSession {
  readonly connection: Connection;
  /** The answer to the PING that was sent with the login. */
  readonly greeting: Answer;
  /** Number of the database that is selected. */
  database: number;
  /** A replica of a cluster was told to answer for keys. */
  readsReplica: boolean;
  /** What LATENCY DOCTOR said, and when (of `performance.now`). */
  doctor?: { readonly said: Answer; readonly at: number } | undefined;
  /** INFO can be asked for several sections. */
  takesSections: boolean;
  broken: boolean;
}

export class RedisSessionLost extends Error {}

/** No answer by the deadline; the connection is thrown away. */
export class RedisSilent extends RedisSessionLost {}

export type { Answer, Reply, TextEncoding };

export const NAME = 'live-runbooks';
/** Longer than any command here takes; a server that needs more is in trouble. */
const ANSWER_MS = 600;
/** A handshake that takes longer is looked into. */
const HANDSHAKE_MS = 400;

/** What a connection needs to know. */

/** Errors: `UnreadableFile`. */
function tlsOf({ host, tls }: RedisConnectionConfig): WireOptions['tls'] {
  if (tls === false) {
    return undefined;
  }
  const given = tls === true ? {} : tls;
  const name = given.serverName ?? host;
  return {
    ...(isIP(name) === 0 ? { servername: name } : {}),
    checkServerIdentity: (_host: string, certificate: PeerCertificate) => checkServerIdentity(name, certificate),
    ...tlsFiles(given),
  };
}

/** Begins to connect; `Held` keeps the attempt while the server hangs. */
export function openRedisSession(target: RedisConnectionConfig): Attempt<RedisSession> {
  let connection: Connection | undefined;
  const connected = (async () => {
    // In here, so that a certificate that cannot be read is an error of this target.
    connection = new Connection({ host: target.host, port: target.port, tls: tlsOf(target) });
    try {
      await shaken(connection, target);
      const greeting = await logIn(connection, target);
      return { connection, greeting, database: 0, readsReplica: false, takesSections: false, broken: false };
    } catch (error) {
      connection.destroy();
      throw await understood(error, target);
    }
  })();
  return { connected, stage: () => connection?.stage() ?? 'dns', abandon: () => connection?.destroy() };
}

/** Resolves when commands can be sent. A server without TLS may wait for the rest of what it takes for a command, for ever. */
async function shaken(connection: Connection, target: RedisConnectionConfig): Promise<void> {
  if (target.tls === false) {
    return connection.ready;
  }
  let timer: NodeJS.Timeout | undefined;
  const looked = new Promise<never>((_, reject) => {
    const look = async (): Promise<void> => {
      if (connection.stage() !== 'answer' || !(await speaksPlain(target))) {
        timer = setTimeout(() => void look(), HANDSHAKE_MS);
      } else {
        reject(new TlsMismatch('plain'));
      }
    };
    timer = setTimeout(() => void look(), HANDSHAKE_MS);
  });
  try {
    await Promise.race([connection.ready, looked]);
  } finally {
    clearTimeout(timer);
  }
}

/** A port with TLS closes the connection of a client without TLS, and sends nothing that the client can read. */
async function understood(error: unknown, target: RedisConnectionConfig): Promise<unknown> {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  const cut = error instanceof ConnectionClosed || error instanceof ProtocolBroken || /^(ECONNRESET|EPIPE)$/.test(code);
  if (!cut || target.tls !== false || error instanceof Forsaken) {
    return error;
  }
  return (await speaksTls(target)) ? new TlsMismatch('tls') : error;
}

/** What the server said before it closed the connection. */
class Forsaken extends ConnectionClosed {}

/** The answer to PING. Errors: those of the server to AUTH, and of the system for the file of the password. */
async function logIn(connection: Connection, target: RedisConnectionConfig): Promise<Answer> {
  const { username, passwordFile } = target;
  // Read again for each connection: it may have been rotated since the last one.
  const password = passwordFile === undefined ? target.password : readTargetFile('passwordFile', passwordFile).trim();
  const identified = password !== undefined || username !== undefined;
  const wanted = [
    ...(identified ? [['AUTH', ...(username === undefined ? [] : [username]), password ?? '']] : []),
    // A server that loads its data, or whose user may not PING, says so here.
    ['PING'],
    // The name is for people who read CLIENT LIST; a server that refuses it is asked nevertheless.
    ['CLIENT', 'SETNAME', NAME],
  ];
  const settled = await Promise.allSettled(wanted.map((words) => connection.send(words)));
  const answers = settled.map((each) => (each.status === 'rejected' ? (each.reason as Error) : each.value));
  const lost = settled.find((each) => each.status === 'rejected');
  if (lost !== undefined) {
    // A server that has no place says so as its first answer and closes, whatever it was asked.
    const said = settled.find((each) => each.status === 'fulfilled' && each.value instanceof Error);
    throw said?.status === 'fulfilled' ? new Forsaken((said.value as Error).message) : lost.reason;
  }
  if (identified && answers[0] instanceof Error) {
    throw answers[0];
  }
  return answers[identified ? 1 : 0] ?? null;
}

export function discardRedisSession(session: RedisSession): void {
  session.broken = true;
  session.connection.destroy();
}

/**
 * Commands in one round trip. Each answers its reply or its error; only a server that says nothing rejects, with
 * `RedisSessionLost`, and the session has to be thrown away.
 */
export async function askRedis(
  session: RedisSession,
  deadline: Deadline,
  commands: ReadonlyArray<readonly string[]>,
  encoding: TextEncoding = 'utf8'
): Promise<readonly Answer[]> {
  session.broken ||= !session.connection.isOpen();
  if (session.broken) {
    throw new RedisSessionLost('the connection was lost');
  }
  const replies = commands.map((command) => session.connection.send(command, encoding));
  try {
    return await before(deadline.within(ANSWER_MS), 'Redis', Promise.all(replies));
  } catch (error) {
    session.broken = true;
    if (error instanceof DeadlineExceeded) {
      throw new RedisSilent(error.message);
    }
    throw error instanceof ConnectionClosed ? new RedisSessionLost('the connection was lost') : error;
  }
}

/** The same in a database, where the session stays; when the server refuses it, each command answers that refusal. */
export async function askDatabase(
  session: RedisSession,
  deadline: Deadline,
  database: number,
  commands: ReadonlyArray<readonly string[]>,
  encoding: TextEncoding = 'utf8'
): Promise<readonly Answer[]> {
  if (session.database === database) {
    return askRedis(session, deadline, commands, encoding);
  }
  const [selected, ...replies] = await askRedis(
    session,
    deadline,
    [['SELECT', String(database)], ...commands],
    encoding
  );
  if (selected instanceof Error) {
    return commands.map(() => selected);
  }
  session.database = database;
  return replies;
}
