/** Healthy states that look like trouble to a threshold: nothing is found while they last, nor just after. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type pg from 'pg';
import { cutShort, roundOf, until } from '../rig/client';
import { type PostgresRig, postgresRig } from '../rig/postgres';
import { needs } from '../rig/needs';
import { postgresTool } from '../rig/postgresTool';
import { type TestService, serve } from '../rig/service';
import { countersAreTold } from '../rig/statistics';
import { TARGET } from './stage';

let rig: PostgresRig;
let service: TestService;
let admin: pg.Client;
let app: pg.Client;
const run = promisify(execFile);

beforeAll(async () => {
  rig = await postgresRig({
    // Half of the table fits into the buffers.
    settings: { fsync: 'on', synchronous_commit: 'off', shared_buffers: '4MB', work_mem: '256kB' },
  });
  admin = await rig.admin();
  await admin.query(`
    CREATE EXTENSION pgstattuple;
    CREATE TABLE orders (id int PRIMARY KEY, customer int NOT NULL, note text);
    INSERT INTO orders SELECT i, i % 1000, repeat('x', 40) FROM generate_series(1, 120000) i;
    CREATE INDEX orders_customer ON orders (customer);
    CREATE TABLE countries (code int, name text); INSERT INTO countries SELECT i, 'c' FROM generate_series(1, 250) i;
    GRANT ALL ON ALL TABLES IN SCHEMA public TO shop`);
  await countersAreTold(admin);
  await admin.query('VACUUM ANALYZE');
  await admin.query('CHECKPOINT');
  app = await rig.app('shop-api');
  service = await serve([rig.target({ checks: { 'postgres.index_use': { enabled: false } } })]);
  await until(
    'rates are known',
    () => roundOf(service, TARGET),
    (round) => round.checks.every((check) => check.reason !== 'no-series')
  );
});
afterAll(async () => {
  await service.close();
  await rig.dispose();
});

/** A little of what an application does. */
const traffic = async (): Promise<void> => {
  for (let n = 0; n < 10; n += 1) {
    await app.query('SELECT * FROM orders WHERE id = $1', [n * 997]);
    await app.query('SELECT name FROM countries WHERE code = $1', [n]);
  }
};

/** What is found in every round while `what` lasts, and in four after it. */
async function findingsWhile(what: () => Promise<unknown>): Promise<string[]> {
  const found = new Set<string>();
  let over = false;
  const work = what().finally(() => {
    over = true;
  });
  let after = 0;
  let last = 0;
  while (after < 4) {
    await traffic();
    const round = await until(
      'a new round',
      () => roundOf(service, TARGET),
      (each) => each.startedAt > last
    );
    last = round.startedAt;
    after += over ? 1 : 0;
    for (const check of round.checks) {
      if ((check.state === 'warning' || check.state === 'critical') && !cutShort(check)) {
        found.add(`${check.id}: ${check.summary}`);
      }
    }
  }
  await work;
  return [...found];
}

const STATES: ReadonlyArray<readonly [state: string, what: () => Promise<unknown>]> = [
  ['a small server, with small tables that are read from end to end', () => traffic()],
  [
    'a report that runs once: it sorts on the disk, reads everything, and takes its time',
    async () => {
      const report = await rig.app('report');
      await report.query(
        'SELECT count(*) FROM (SELECT a.id, b.note FROM orders a JOIN orders b USING (customer) WHERE a.id % 20 = 0 ORDER BY md5(b.id::text)) r'
      );
      await report.end();
    },
  ],
  ['VACUUM', () => admin.query('VACUUM (ANALYZE, DISABLE_PAGE_SKIPPING) orders')],
  ['an index that is built', () => admin.query('CREATE INDEX CONCURRENTLY orders_note ON orders (note, id)')],
];
const TOOLS = [
  ['a dump', 'pg_dump', (program: string) => run(program, ['-f', '/dev/null', urlOf('shop')])],
  [
    'a backup',
    'pg_basebackup',
    (program: string) =>
      run(program, ['-D', '-', '-F', 'tar', '-X', 'fetch', '-c', 'fast', '-d', urlOf('postgres')], {
        maxBuffer: 1024 ** 3,
        encoding: 'buffer',
      }),
  ],
] as const;
const urlOf = (database: string): string => rig.server.superuserUrl.replace(/\/postgres$/, `/${database}`);

test.each(STATES)('%s', async (_, what) => {
  expect(await findingsWhile(what)).toEqual([]);
});

for (const [state, tool, what] of TOOLS) {
  const found = postgresTool(tool, 'same-or-newer');
  needs('lacks' in found ? found.lacks : undefined)(state, async () => {
    expect(await findingsWhile(() => what('program' in found ? found.program : tool))).toEqual([]);
  });
}

test('a server that was just started, with nothing in its buffers', async () => {
  await rig.disconnect();
  await rig.server.restart();
  app = await rig.app('shop-api');
  await until(
    'it is back',
    () => roundOf(service, TARGET),
    (round) => round.class === 'ok'
  );
  const warmUp = async (): Promise<void> => {
    const first = await rig.app('shop-worker');
    await first.query('SELECT count(note) FROM orders WHERE customer < 500');
    await first.end();
  };
  expect(await findingsWhile(warmUp)).toEqual([]);
});
