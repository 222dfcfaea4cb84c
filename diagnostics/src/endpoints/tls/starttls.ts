/**
 * Servers that speak their own protocol first and TLS when they are asked for it.
 * https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-SSL
 */
import { type Socket, type TcpNetConnectOpts, connect } from 'node:net';
import { type Deadline, DeadlineExceeded } from '../../model/deadline';

const SSL_REQUEST = Buffer.from([0, 0, 0, 8, 4, 210, 22, 47]);
const [WILLING, UNWILLING] = [0x53, 0x4e];

/** The server answers in plain text that it does not go on in TLS; node's codes of such errors begin alike. */
class NoTls extends Error {
  readonly code = 'ERR_TLS_NOT_OFFERED';
}

/** A socket on which the handshake may begin. Errors: those of the system, `DeadlineExceeded`, one of class `tls`. */
export function askPostgresForTls(at: TcpNetConnectOpts, deadline: Deadline): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(at);
    const left = deadline.left();
    const timer = setTimeout(() => socket.destroy(new DeadlineExceeded(at.host ?? '', left)), left);
    const fail = (error: Error): void => {
      clearTimeout(timer);
      socket.destroy();
      reject(error);
    };
    const closed = (): void => fail(new NoTls('the server closed the connection when it was asked for TLS'));
    socket.once('error', fail);
    socket.once('close', closed);
    socket.once('connect', () => socket.write(SSL_REQUEST));
    socket.once('data', (answer: Buffer) => {
      if (answer[0] !== WILLING || answer.length > 1) {
        fail(
          new NoTls(
            answer[0] === UNWILLING
              ? 'the server has no TLS (ssl = off)'
              : 'what answers there does not speak the protocol of Postgres'
          )
        );
        return;
      }
      clearTimeout(timer);
      socket.off('error', fail);
      socket.off('close', closed);
      resolve(socket);
    });
  });
}
