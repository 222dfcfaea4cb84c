/** Two hundred viewers and one round; thousands of rounds and one connection. What is counted, the server counts. */
import { connect } from 'node:net';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, roundOf, until } from '../rig/client';
import { type PostgresRig, noSecondSession, postgresRig } from '../rig/postgres';
import { type TestService, serve } from '../rig/service';
import { soak } from '../rig/soak';
import { atMost } from '../rig/atMost';

const CLIENTS = 200;
const INTERVAL_MS = 1000;
const POLL_MS = 500;
const LASTS_MS = 6000;

let postgres: PostgresRig;
let admin: pg.Client;
let service: TestService;
beforeAll(async () => {
  postgres = await postgresRig();
  admin = await postgres.admin('observer');
  service = await serve([postgres.target()], { intervalMs: INTERVAL_MS });
});
afterAll(async () => {
  await service.close();
  await postgres.dispose();
});

/** Rounds as Postgres counts them: the sessions are asked for in each, once. Seldom checks read the same function too. */
async function roundsOnServer(): Promise<number> {
  const { rows } = await admin.query<{ n: string }>(
    `SELECT coalesce(max(calls), 0) AS n FROM pg_stat_statements
     WHERE query LIKE '%FROM pg_stat_get_activity(%' AND userid = 'live_runbooks'::regrole`
  );
  return Number(rows[0]?.n);
}
async function roundsOfService(): Promise<number> {
  const { body } = await ask<string>(service, '/metrics');
  return Number(/live_runbooks_rounds_total\{target="shop-postgres",class="ok"\} (\d+)/.exec(body)?.[1]);
}

describe('200 viewers for some seconds', () => {
  test('cause one round an interval, on one connection, and a slow one among them delays nobody', async () => {
    await roundOf(service, 'shop-postgres');
    const slow = Array.from({ length: 20 }, () => connect(service.port, '127.0.0.1').on('error', () => undefined));
    slow.forEach((socket) => socket.write('GET /v1/targets/shop-postgres/round HTTP/1.1\r\nhost: x\r\nauthor'));
    const [before, toldBefore] = [await roundsOnServer(), await roundsOfService()];
    const startedAt = performance.now();
    const times: number[] = [];
    const seen = new Set<number>();
    let sessions = 0;
    const viewer = async (at: number): Promise<void> => {
      await new Promise((resolve) => setTimeout(resolve, (POLL_MS * at) / CLIENTS));
      while (performance.now() - startedAt < LASTS_MS) {
        const { status, body, ms } = await ask<{ startedAt: number }>(service, '/v1/targets/shop-postgres/round');
        expect(status).toBe(200);
        times.push(ms);
        seen.add(body.startedAt);
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      }
    };
    const watch = async (): Promise<void> => {
      while (performance.now() - startedAt < LASTS_MS) {
        sessions = Math.max(sessions, await postgres.ownSessions());
        await new Promise((resolve) => setTimeout(resolve, 200));
      }
    };
    await Promise.all([watch(), ...Array.from({ length: CLIENTS }, (_, at) => viewer(at))]);
    const seconds = (performance.now() - startedAt) / 1000;
    const [rounds, told] = [(await roundsOnServer()) - before, (await roundsOfService()) - toldBefore];
    slow.forEach((socket) => socket.destroy());

    times.sort((a, b) => a - b);
    const [p50, p95, p99] = [0.5, 0.95, 0.99].map(
      (share) => times[Math.floor((times.length - 1) * share)] ?? Number.NaN
    );
    process.stdout.write(
      `${CLIENTS} viewers, ${seconds.toFixed(1)} s: ${times.length} answers of ${rounds} rounds counted by Postgres; ` +
        `p50 ${p50?.toFixed(1)} ms, p95 ${p95?.toFixed(1)} ms, p99 ${p99?.toFixed(1)} ms, longest ${times.at(-1)?.toFixed(1)} ms\n`
    );
    // Each viewer was answered; how often is a question of the machine's speed, and no round was taken for a viewer alone.
    expect(times.length).toBeGreaterThanOrEqual(CLIENTS);
    expect(rounds, `the service says ${told}`).toBeGreaterThanOrEqual(1);
    // The one that the scrape after it may have taken is counted in.
    expect(rounds, `the service says ${told}`).toBeLessThanOrEqual(Math.ceil((seconds * 1000) / INTERVAL_MS) + 1);
    expect(seen.size).toBeLessThanOrEqual(rounds + 1);
    expect(Math.abs(told - rounds)).toBeLessThanOrEqual(1);
    expect(sessions).toBe(1);
    expect(times.at(-1)).toBeLessThan(atMost(2000));
  });

  test('when they are gone, one session is left, and none when the service is', async () => {
    await noSecondSession(postgres);
    await service.close();
    await until(
      'no session',
      () => postgres.ownSessions(),
      (count) => count === 0
    );
    service = await serve([postgres.target()]);
  });
});

test('500 rounds: memory is flat, and each server saw one connection', async () => {
  const told = await soak(500);
  process.stdout.write(
    `500 rounds: heap ${told.heapBytesPerRound.toFixed(0)} bytes a round, ${(told.tookMs / 500).toFixed(1)} ms each\n`
  );
  // On a busy machine a session may answer too late, is given up, and the next round opens another.
  expect(told.postgresOpened).toBeLessThanOrEqual(1 + told.notOk);
  expect(told.notOk).toBeLessThan(500 / 10);
  expect(told.postgresNow).toBe(1);
  expect(told.redisNow).toBe(1);
  // A leak of one small object a round would be more; a round itself is about 60 kB. Over 10 000 rounds it is below 100 bytes.
  const heaps = told.samples.map(({ heap }) => heap);
  const lastThird = heaps.slice(-Math.floor(heaps.length / 3));
  expect(Math.max(...lastThird) - Math.min(...lastThird)).toBeLessThan(3e6);
  expect(told.heapBytesPerRound).toBeLessThan(8000);
});
