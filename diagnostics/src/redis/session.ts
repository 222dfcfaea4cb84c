/** The one connection that is held open to a Redis server, and how a question is put to it without waiting for long. */
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { type PeerCertificate, checkServerIdentity } from 'node:tls';
import type { RedisTargetConfig } from '../config/schema';
import { before, type Deadline, DeadlineExceeded } from '../model/deadline';
import type { Attempt } from '../model/held';
import { Connection, ConnectionClosed, type WireOptions } from './wire/connection';
import type { Reply } from './wire/parser';

export interface RedisSession {
  readonly connection: Connection;
  broken: boolean;
}

export class RedisSessionLost extends Error {}

export type { Reply };

/** Longer than any command here takes; a server that needs more is in trouble. */
const ANSWER_MS = 600;

/** What a connection needs to know. */
export type RedisAddress = Pick<
  RedisTargetConfig,
  'host' | 'port' | 'tls' | 'username' | 'password' | 'passwordFile' | 'database'
>;

function tlsOf({ host, tls }: RedisAddress): WireOptions['tls'] {
  if (tls === false) {
    return undefined;
  }
  const { caFile, serverName } = tls === true ? {} : tls;
  const name = serverName ?? host;
  return {
    ...(isIP(name) === 0 ? { servername: name } : {}),
    checkServerIdentity: (_host: string, certificate: PeerCertificate) => checkServerIdentity(name, certificate),
    ...(caFile === undefined ? {} : { ca: readFileSync(caFile, 'utf8') }),
  };
}

/** Begins to connect; `Held` keeps the attempt while the server hangs. */
export function openRedisSession(target: RedisAddress): Attempt<RedisSession> {
  let connection: Connection | undefined;
  const connected = (async () => {
    // In here, so that a certificate that cannot be read is an error of this target.
    connection = new Connection({ host: target.host, port: target.port, tls: tlsOf(target) });
    await connection.ready;
    await logIn(connection, target);
    return { connection, broken: false };
  })();
  return { connected, stage: () => connection?.stage() ?? 'dns', abandon: () => connection?.destroy() };
}

/** Errors: those of the server, and of the system for the file of the password. */
async function logIn(connection: Connection, target: RedisAddress): Promise<void> {
  const { username, passwordFile, database } = target;
  // Read again for each connection: it may have been rotated since the last one.
  const password = passwordFile === undefined ? target.password : readFileSync(passwordFile, 'utf8').trim();
  const first: string[][] = [];
  if (password !== undefined || username !== undefined) {
    first.push(['AUTH', ...(username === undefined ? [] : [username]), password ?? '']);
  }
  if (database !== 0) {
    first.push(['SELECT', String(database)]);
  }
  // Named for whoever looks at the list of clients; servers that refuse it are asked all the same.
  const wanted = [...first, ['CLIENT', 'SETNAME', 'live-runbooks']];
  const settled = await Promise.allSettled(wanted.map((words) => connection.send(words)));
  const errors = settled.map((each) => (each.status === 'rejected' ? (each.reason as Error) : each.value));
  // A server that has no place says so as its first answer and closes, whatever it was asked.
  const required = settled.some(({ status }) => status === 'rejected') ? errors : errors.slice(0, first.length);
  const refused = required.find((answer) => answer instanceof Error);
  if (refused !== undefined) {
    connection.destroy();
    throw refused;
  }
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
  commands: ReadonlyArray<readonly string[]>
): Promise<ReadonlyArray<Reply | Error>> {
  session.broken ||= !session.connection.isOpen();
  if (session.broken) {
    throw new RedisSessionLost('the connection was lost');
  }
  const replies = commands.map((command) => session.connection.send(command));
  try {
    return await before(deadline.within(ANSWER_MS), 'Redis', Promise.all(replies));
  } catch (error) {
    session.broken = true;
    if (error instanceof DeadlineExceeded) {
      throw new RedisSessionLost(error.message);
    }
    throw error instanceof ConnectionClosed ? new RedisSessionLost('the connection was lost') : error;
  }
}
