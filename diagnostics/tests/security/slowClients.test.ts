/** Clients that send slowly are cut; nobody waits for them, nor for those who do not read their answers. */
import { type Socket, connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, roundOf, until } from '../rig/client';
import type { TestService } from '../rig/service';
import { BEARER, expectRefused, serviceAlone, wire } from './wire';
import { atMost } from '../rig/atMost';

let service: TestService;
beforeAll(async () => {
  service = await serviceAlone();
});
afterAll(() => service.close());

const open: Socket[] = [];
afterAll(() => open.forEach((socket) => socket.destroy()));

const held = (text: string, count: number): Promise<Socket[]> =>
  Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise<Socket>((resolve, reject) => {
          const socket = connect(service.port, '127.0.0.1', () => socket.write(text, () => resolve(socket)));
          socket.on('error', reject);
          open.push(socket);
        })
    )
  );

/** Those that wait for the service's patience to end wait at the same time. */
describe('slow clients', () => {
  const WANTED = 300;

  test('those who read nothing delay nobody', async () => {
    await held(`GET /openapi.json HTTP/1.1\r\nhost: service\r\n${BEARER}\r\n\r\n`.repeat(WANTED), 5);
    const { ms, status } = await ask(service, '/v1/rounds');
    expect(status).toBe(200);
    expect(ms).toBeLessThan(atMost(2000));
  });

  test.concurrent('headers that never end are cut after 5 s, with 408', async () => {
    const answer = await wire(service.port, `GET /v1/rounds HTTP/1.1\r\nhost: service\r\nx-slow: `, 12_000);
    expectRefused(answer, 408);
    expect(answer.ms).toBeGreaterThan(4000);
    expect(answer.ms).toBeLessThan(atMost(9000));
  });

  test.concurrent('headers that trickle are cut all the same', async () => {
    const startedAt = performance.now();
    const [socket] = await held('GET /v1/rounds HTTP/1.1\r\nhost: service\r\n', 1);
    const drip = setInterval(() => socket?.write('x-drop: 1\r\n'), 200);
    try {
      await new Promise((resolve) =>
        socket
          ?.once('close', resolve)
          .resume()
          .on('error', () => undefined)
      );
    } finally {
      clearInterval(drip);
    }
    expect(performance.now() - startedAt).toBeLessThan(atMost(9000));
  });

  test.concurrent('a body that never comes is cut after 10 s, with 408', async () => {
    const head = ['POST /v1/incidents HTTP/1.1', 'host: service', BEARER, 'content-type: application/json'];
    const answer = await wire(service.port, [...head, 'content-length: 100', '', '{"clientId"'].join('\r\n'), 20_000);
    expectRefused(answer, 408);
    expect(answer.ms).toBeGreaterThan(8000);
    expect(answer.ms).toBeLessThan(atMost(16_000));
  });

  test.concurrent(
    '300 of them at once delay nobody, and in the end all of them are gone, and were counted',
    async () => {
      const senders = await held('GET /v1/rounds HTTP/1.1\r\nhost: service\r\nauthorization: Bea', 150);
      const others = await held(
        [
          'POST /v1/incidents HTTP/1.1',
          'host: service',
          BEARER,
          'content-type: application/json',
          'content-length: 9',
          '',
          '{',
        ].join('\r\n'),
        150
      );
      const slow = [...senders, ...others];
      slow.forEach((socket) => socket.resume());
      const times: number[] = [];
      for (let at = 0; at < 20; at += 1) {
        times.push((await roundOf(service, 'shop-postgres')).ms);
      }
      expect(Math.max(...times)).toBeLessThan(atMost(1000));

      await until(
        'closed',
        async () => slow.filter((socket) => !socket.destroyed).length,
        (left) => left === 0,
        20_000
      );
      const { body } = await ask<string>(service, '/metrics');
      expect(Number(/live_runbooks_refusals_total\{code="too-slow"\} (\d+)/.exec(body)?.[1])).toBeGreaterThanOrEqual(
        300
      );
    }
  );
});
