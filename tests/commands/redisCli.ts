/** What a test asks a real Redis beside the command that it runs. */
import { execFile } from 'node:child_process';
import { connect, type Socket } from 'node:net';

import type { RedisServer } from '../../demo/src/servers';

export class RedisCli {
  private readonly sockets: Socket[] = [];

  constructor(private readonly server: RedisServer) {}

  /** The answer as redis-cli prints it; an error of Redis is an answer, too. */
  ask(...command: readonly string[]): Promise<string> {
    const { host, port } = this.server;
    return new Promise((resolve, reject) => {
      execFile('redis-cli', ['-h', host, '-p', String(port), ...command], (error, stdout) => {
        if (error !== null && stdout === '') {
          reject(error);
        } else {
          resolve(stdout.trimEnd());
        }
      });
    });
  }

  /** A named connection that stays open. */
  async connect(name: string): Promise<void> {
    const { host, port } = this.server;
    await new Promise<void>((resolve, reject) => {
      const socket = connect({ host, port }, () => socket.write(`CLIENT SETNAME ${name}\r\n`));
      socket.once('data', () => resolve());
      socket.once('error', reject);
      this.sockets.push(socket);
    });
  }

  disconnect(): void {
    for (const socket of this.sockets) {
      socket.destroy();
    }
  }
}
