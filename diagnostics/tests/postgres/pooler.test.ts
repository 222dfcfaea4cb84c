/** Behind a real PgBouncer the next client gets the server process that the service used: it finds it as it was. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { checkIn, roundOf, until } from '../rig/client';
import { type PgBouncer, pgBouncer } from '../rig/pgbouncer';
import { type PostgresRig, postgresRig } from '../rig/postgres';
import { before } from '../rig/postgresVersion';
import { type TestService, serve } from '../rig/service';
import { TARGET } from './stage';

let rig: PostgresRig;
let pooler: PgBouncer | undefined;
let service: TestService | undefined;

const SETTINGS = [
  'search_path',
  'default_transaction_read_only',
  'statement_timeout',
  'lock_timeout',
  'idle_in_transaction_session_timeout',
  ...(before(14, 'idle_session_timeout') === undefined ? ['idle_session_timeout'] : []),
  'max_parallel_workers_per_gather',
  'jit',
  'plan_cache_mode',
  'DateStyle',
  'TimeZone',
  'row_security',
  'standard_conforming_strings',
];

beforeAll(async () => {
  rig = await postgresRig();
  const admin = await rig.admin();
  await admin.query('CREATE TABLE t (n int); GRANT ALL ON t TO live_runbooks, shop');
});
afterEach(async () => {
  await service?.close();
  await pooler?.dispose();
  service = undefined;
  pooler = undefined;
});
afterAll(() => rig.dispose());

test.each(['transaction', 'session'] as const)(
  '%s mode: all is asked, and nothing that the service sets stays',
  async (mode) => {
    pooler = await pgBouncer(rig, mode);
    const application = await pooler.client();
    const asked = async () => {
      const { rows } = await application.query<Record<string, string>>(
        `SELECT ${SETTINGS.map((name) => `current_setting('${name}') AS "${name}"`).join(', ')}`
      );
      return rows[0];
    };
    const before = await asked();
    service = await serve([rig.target({ port: pooler.port })]);
    const running = service;
    const round = await until(
      'every rate is known',
      () => roundOf(running, TARGET),
      (each) => each.checks.every((check) => check.reason !== 'no-series')
    );
    expect(checkIn(round, 'postgres.availability')).toMatchObject({
      state: 'ok',
      fields: { class: 'ok', pooled: true, held: true },
    });
    expect(checkIn(round, 'postgres.connections').state).toBe('ok');
    expect(await asked()).toEqual(before);
    // The server process of the transaction mode is the one that the service used: it keeps no statement there.
    expect((await application.query('SELECT name FROM pg_prepared_statements')).rows).toEqual([]);
    await application.query('INSERT INTO t VALUES (1)');
    expect((await application.query('SELECT n FROM t')).rows.length).toBeGreaterThan(0);

    // One client of the pooler, as long as it is asked: it logs each that comes and goes.
    const lines = pooler.log().split('\n').length;
    for (let n = 0; n < 3; n += 1) {
      const last = (await roundOf(running, TARGET)).startedAt;
      await until(
        'a new round',
        () => roundOf(running, TARGET),
        (each) => each.startedAt > last
      );
    }
    expect(
      pooler
        .log()
        .split('\n')
        .slice(lines - 1)
        .filter((line) => line.includes('live_runbooks@'))
    ).toEqual([]);
  }
);

test('statement mode: refused with the reason, once a minute, and the application is not disturbed', async () => {
  pooler = await pgBouncer(rig, 'statement');
  const application = await pooler.client();
  service = await serve([rig.target({ port: pooler.port })]);
  const round = await roundOf(service, TARGET);
  expect(round).toMatchObject({ class: 'pooler', state: 'warning' });
  const available = checkIn(round, 'postgres.availability');
  expect(available.summary).toContain('transaction blocks not allowed in statement pooling mode');
  expect(available.mend).toMatch(/address of the server itself/);
  expect(checkIn(round, 'postgres.blocking')).toMatchObject({ state: 'unknown', reason: 'not-configured' });
  const refusals = (): number => pooler?.log().match(/transaction blocks not allowed/g)?.length ?? -1;
  const said = refusals();
  const running = service;
  const first = round.startedAt;
  await until(
    'another round',
    () => roundOf(running, TARGET),
    (each) => each.startedAt > first && each.class === 'pooler'
  );
  expect(refusals()).toBe(said);
  await application.query('SELECT 1');
});

test('a pool that others use up is told as that, not as a server that hangs', async () => {
  pooler = await pgBouncer(rig, 'transaction');
  const running = await serve([rig.target({ port: pooler.port })]);
  service = running;
  await until(
    'up',
    () => roundOf(running, TARGET),
    (each) => each.class === 'ok'
  );
  const application = await pooler.client();
  await application.query('BEGIN');
  const round = await until(
    'the pool is used up',
    () => roundOf(running, TARGET),
    (each) => each.class === 'timeout'
  );
  expect(checkIn(round, 'postgres.availability').summary).toContain('the pooler gives no connection of its pool');
  // A client that gave up would stay in the pooler's queue: the service waits there once, however long it lasts.
  for (let rounds = 0, last = round.startedAt; rounds < 6; rounds += 1) {
    const next = await until(
      'the next round',
      () => roundOf(running, TARGET),
      (each) => each.startedAt > last
    );
    expect(next.class).toBe('timeout');
    last = next.startedAt;
  }
  expect(await pooler.clientsOf('live_runbooks')).toBe(1);
  await application.query('ROLLBACK');
  await until(
    'up again',
    () => roundOf(running, TARGET),
    (each) => each.class === 'ok'
  );
});

test('a connection of the pool that comes between two rounds is given back at once', async () => {
  pooler = await pgBouncer(rig, 'transaction');
  const running = await serve([rig.target({ port: pooler.port })]);
  service = running;
  await until(
    'up',
    () => roundOf(running, TARGET),
    (each) => each.class === 'ok'
  );
  const application = await pooler.client();
  await application.query('BEGIN');
  await until(
    'the service waits for its turn',
    () => roundOf(running, TARGET),
    (each) => each.class === 'unknown'
  );
  await application.query('ROLLBACK');
  // The pool has one connection and the service was the next to get it. Nobody asks for a round now.
  await application.query('SELECT 1');
  const admin = await rig.admin();
  await until(
    'no session is left in a transaction',
    async () => (await admin.query("SELECT FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'")).rowCount,
    (count) => count === 0
  );
  // The server did not have to end it.
  expect(pooler.log()).not.toMatch(/idle-in-transaction/);
});
