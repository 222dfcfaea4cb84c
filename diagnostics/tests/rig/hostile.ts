/** Servers that answer with whatever a test wants, and are asked like real ones. */
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

/** Listens on loopback until the test is over. */
export async function hostile(onConnection: (socket: Socket) => void): Promise<number> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => open.delete(socket));
    onConnection(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    open.forEach((socket) => socket.destroy());
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/** Sends `head`, then `block` without end, as fast as it is taken; between two of them others have their turn. */
export function endless(socket: Socket, head: string | Buffer, block: Buffer): void {
  socket.write(head);
  const more = (): void => {
    if (!socket.destroyed) {
      socket.write(block, () => setImmediate(more));
    }
  };
  more();
}

/** A Redis that answers every command with `OK` until one is asked for, which `answer` answers. */
export const redisThat = (wanted: string, answer: (socket: Socket) => void): Promise<number> =>
  hostile((socket) => {
    let seen = '';
    socket.on('data', (data) => {
      seen += data.toString('latin1');
      for (let at = 0; ;) {
        const command = /^\*(\d+)\r\n((?:\$\d+\r\n[^\r]*\r\n)*)/.exec(seen.slice(at));
        const words = (command?.[2] ?? '').split('\r\n').filter((_, index) => index % 2 === 1);
        if (command === null || words.length < Number(command[1])) {
          seen = seen.slice(at);
          return;
        }
        at += command[0].length;
        if (words[0] === wanted) {
          answer(socket);
        } else {
          socket.write(words[0] === 'PING' ? '+PONG\r\n' : '+OK\r\n');
        }
      }
    });
  });

const message = (type: string, body: Buffer): Buffer => {
  const head = Buffer.alloc(5);
  head.write(type, 0, 'latin1');
  head.writeUInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
};

/** A Postgres that lets everybody in, and answers the first statement with `answer`. */
export const postgresThat = (answer: (socket: Socket) => void): Promise<number> =>
  hostile((socket) => {
    let step: 'startup' | 'statement' | 'over' = 'startup';
    socket.on('data', (data: Buffer) => {
      if (data.length === 8 && data.readUInt32BE(4) === 80_877_103) {
        socket.write('N');
      } else if (step === 'startup') {
        step = 'statement';
        socket.write(Buffer.concat([message('R', Buffer.alloc(4)), message('Z', Buffer.from('I'))]));
      } else if (step === 'statement' && data[0] !== 0x58) {
        step = 'over';
        answer(socket);
      }
    });
  });
