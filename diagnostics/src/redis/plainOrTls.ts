/** Does a port speak TLS or the plain protocol? Asked on a connection of its own when the two ends do not understand each other. */
import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';

const ANSWER_MS = 400;

interface Port {
  readonly host: string;
  readonly port: number;
}

/** A handshake succeeds, or is ended with an alert of TLS. */
export const speaksTls = ({ host, port }: Port): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connectTls({ host, port, rejectUnauthorized: false });
    const end = (speaks: boolean): void => {
      resolve(speaks);
      socket.destroy();
    };
    socket.setTimeout(ANSWER_MS, () => end(false));
    socket.once('secureConnect', () => end(true));
    socket.once('error', ({ message }) => end(/ alert /.test(message)));
    socket.once('close', () => end(false));
  });

/** It answers PING without TLS; a refusal is an answer too. */
export const speaksPlain = ({ host, port }: Port): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connectTcp({ host, port }, () => socket.write('PING\r\n'));
    const end = (speaks: boolean): void => {
      resolve(speaks);
      socket.destroy();
    };
    socket.setTimeout(ANSWER_MS, () => end(false));
    socket.once('data', (data: Buffer) => end(/^[+-]/.test(data.toString('latin1'))));
    socket.once('error', () => end(false));
    socket.once('close', () => end(false));
  });
