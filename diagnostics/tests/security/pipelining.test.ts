/** Requests that are sent ahead, answers that nobody reads, and strangers who take every connection. */
import { type Socket, connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { IN_FLIGHT, STRANGERS } from '../../src/http/connections';
import { ask, until } from '../rig/client';
import type { TestService } from '../rig/service';
import { BEARER, request, serviceAlone, wire } from './wire';

let service: TestService;
const open: Socket[] = [];
beforeEach(async () => {
  service = await serviceAlone();
});
afterEach(async () => {
  open.splice(0).forEach((socket) => socket.destroy());
  await service.close();
});

const held = (text: string): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect(service.port, '127.0.0.1', () => socket.write(text, () => resolve(socket)));
    socket.on('error', () => reject(new Error('not connected')));
    open.push(socket);
  });
const closed = (socket: Socket): Promise<void> =>
  new Promise((resolve) => (socket.destroyed ? resolve() : void socket.once('close', () => resolve()).resume()));

const cuts = async (code: string): Promise<number> => {
  const { body } = await ask<string>(service, '/metrics');
  return Number(new RegExp(`refusals_total\\{code="${code}"\\} (\\d+)`).exec(body)?.[1] ?? 0);
};

describe('requests sent ahead', () => {
  test('a few are answered in order, on one connection', async () => {
    const few = `GET /v1/targets HTTP/1.1\r\nhost: x\r\n${BEARER}\r\n\r\n`.repeat(IN_FLIGHT - 1);
    const { all } = await wire(service.port, few + request('GET /healthz'));
    expect(all.match(/HTTP\/1\.1 200/g)).toHaveLength(IN_FLIGHT);
  });

  test.each([
    ['with the token', `GET /openapi.json HTTP/1.1\r\nhost: x\r\n${BEARER}\r\n\r\n`],
    ['without it', 'GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n'],
  ])('a thousand of them, %s, end their connection; the memory stays and others are answered', async (_, text) => {
    const before = process.memoryUsage().heapUsed;
    const sockets = await Promise.all(Array.from({ length: 10 }, () => held(text.repeat(1000))));
    await Promise.all(sockets.map(closed));
    expect((await ask(service, '/v1/rounds')).status).toBe(200);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(150e6);
    expect(await cuts('pipelining')).toBe(10);
  });

  test('one after the other, a connection takes as many as it likes', async () => {
    const socket = await held('');
    let answers = 0;
    const one = `GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n`;
    await new Promise<void>((resolve, reject) => {
      socket.on('close', () => reject(new Error(`closed after ${answers}`)));
      socket.on('data', (data) => {
        answers += data.toString().match(/HTTP\/1\.1 200/g)?.length ?? 0;
        if (answers >= 50) {
          socket.removeAllListeners('close');
          resolve();
        } else {
          socket.write(one);
        }
      });
      socket.write(one);
    });
  });
});

describe('connections without the token', () => {
  test('are bounded by themselves: the oldest goes, and whoever has the token is let in and stays', async () => {
    const friend = await held(`GET /v1/targets HTTP/1.1\r\nhost: x\r\n${BEARER}\r\n\r\n`);
    await new Promise((resolve) => friend.once('data', resolve));
    const first = await held('');
    for (let taken = 0; taken < STRANGERS + 50; taken += 50) {
      await Promise.all(Array.from({ length: 50 }, () => held('')));
    }
    await closed(first);
    expect((await ask(service, '/v1/rounds')).status).toBe(200);
    await until(
      'the others are gone',
      async () => cuts('strangers'),
      (count) => count >= 51
    );
    expect(friend.destroyed).toBe(false);
    friend.write(`GET /v1/targets HTTP/1.1\r\nhost: x\r\n${BEARER}\r\n\r\n`);
    const again = await new Promise<string>((resolve) => friend.once('data', (data) => resolve(data.toString())));
    expect(again).toContain('HTTP/1.1 200');
  });
});
