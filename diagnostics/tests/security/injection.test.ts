/** SQL in whatever is sent, SQL in the configuration that wants more than to read, and secrets that servers know. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type PostgresRig, noSecondSession, postgresRig } from '../rig/postgres';
import { type RedisRig, redisRig } from '../rig/redis';
import { ask, holds, roundOf, runCheck, until } from '../rig/client';
import { type TestService, serve } from '../rig/service';
import { expectNoSecret } from './wire';
import { atMost } from '../rig/atMost';

const TARGET = 'shop-postgres';
/** What an application's users would not want to read in a page: none of it may leave the service. */
const PRIVATE = ['card-4111111111111111', 'person@example.org', 'hunter2-of-a-user', 'session-key-9f8e7d'] as const;

/** Each would leave a trace if it ran: a table, or half a second. */
const evil: ReadonlyArray<readonly [name: string, sql: string]> = [
  ['second_statement', 'select 1; create table public.pwned (id int)'],
  ['ends_the_transaction', 'select 1; commit; create table public.pwned (id int)'],
  ['commit_first', 'commit; create table public.pwned (id int)'],
  ['hidden_by_a_comment', 'select 1 /* ; */ ; commit; begin; create table public.pwned (id int); commit --'],
  ['closes_the_cursor', 'select 1) ; commit; create table public.pwned (id int); --'],
  ['ddl', 'create table public.pwned (id int)'],
  ['select_into', 'select 1 as id into public.pwned'],
  ['writing_cte', 'with w as (insert into public.victim values (2) returning id) select id from w'],
  ['update', 'update public.victim set id = 3'],
  ['copy_program', `copy (select 1) to program 'touch /tmp/pwned'`],
  ['do_block', `do $$ begin create table public.pwned (id int); end $$`],
  ['turns_read_only_off', `select set_config('transaction_read_only', 'off', false)`],
  ['turns_timeout_off', `select set_config('statement_timeout', '0', false)`],
  ['another_role', `select set_config('role', 'postgres', false)`],
  ['reads_a_file', `select pg_read_file('/etc/passwd')`],
  ['reads_passwords', 'select rolpassword from pg_authid'],
  ['ends_sessions', `select pg_terminate_backend(pid) from pg_stat_activity where usename = 'postgres'`],
  ['sleeps', 'select pg_sleep(60)'],
  ['never_ends', 'select count(*) from generate_series(1, 1000000000000)'],
  ['waits_for_a_lock', 'select id from public.victim for update'],
  ['writes_a_function', 'select public.make_pwned()'],
];

let postgres: PostgresRig;
let redis: RedisRig;
let service: TestService;
let admin: pg.Client;
const directory = mkdtempSync(join(tmpdir(), 'live-runbooks-injection-'));

beforeAll(async () => {
  postgres = await postgresRig();
  redis = await redisRig();
  admin = await postgres.admin('security-observer');
  await admin.query(`
    CREATE TABLE victim (id int);
    INSERT INTO victim VALUES (1);
    GRANT SELECT ON victim TO live_runbooks;
    CREATE FUNCTION make_pwned() RETURNS int LANGUAGE plpgsql AS $$ BEGIN CREATE TABLE public.pwned (id int); RETURN 1; END $$`);
  const queries = evil.map(([name, sql]) => ({ name, sql, value: 'id' }));
  const checks = { 'postgres.queries': { queries } };
  service = await serve([postgres.target({ checks }), redis.target()], { state: { directory } });
});
afterAll(async () => {
  await service.close();
  await postgres.dispose();
  await redis.dispose();
  rmSync(directory, { recursive: true, force: true });
});

async function expectUntouched(): Promise<void> {
  const { rows } = await admin.query<{ tables: string; victims: string }>(`
    SELECT (SELECT string_agg(relname, ',' ORDER BY relname) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r') AS tables,
           (SELECT string_agg(id::text, ',') FROM public.victim) AS victims`);
  expect(rows[0]).toEqual({ tables: 'victim', victims: '1' });
  await noSecondSession(postgres);
}

describe('SQL in what is sent', () => {
  const payloads = [
    `'; DROP TABLE victim; --`,
    `1; CREATE TABLE pwned (id int)`,
    `" OR "1"="1`,
    `$$; SELECT pg_sleep(5); $$`,
    `' UNION SELECT rolpassword FROM pg_authid --`,
    `\\'; SELECT pg_sleep(5) --`,
  ];
  const places: ReadonlyArray<readonly [what: string, path: (payload: string) => string, method?: string]> = [
    ['target', (sql) => `/v1/targets/${sql}/round`],
    ['target of a check', (sql) => `/v1/targets/${sql}/checks/postgres.blocking`, 'POST'],
    ['check', (sql) => `/v1/targets/${TARGET}/checks/${sql}`, 'POST'],
    ['check with a prefix', (sql) => `/v1/targets/${TARGET}/checks/postgres.blocking${sql}`, 'POST'],
    ['targets', (sql) => `/v1/rounds?targets=${sql}`],
    ['at', (sql) => `/v1/rounds?at=${sql}`],
    ['at of one round', (sql) => `/v1/targets/${TARGET}/round?at=${sql}`],
    ['check of the history', (sql) => `/v1/targets/${TARGET}/history?check=${sql}`],
    ['target of the history', (sql) => `/v1/targets/${sql}/history?check=postgres.blocking`],
    ['from', (sql) => `/v1/targets/${TARGET}/history?check=postgres.blocking&from=${sql}`],
    ['to', (sql) => `/v1/targets/${TARGET}/history?check=postgres.blocking&to=${sql}`],
    ['points', (sql) => `/v1/targets/${TARGET}/history?check=postgres.blocking&points=${sql}`],
    ['incident', (sql) => `/v1/incidents/${sql}`],
    ['after', (sql) => `/v1/incidents/1?after=${sql}`],
    ['status', (sql) => `/v1/incidents?status=${sql}`],
    ['before', (sql) => `/v1/incidents?before=${sql}`],
    ['limit', (sql) => `/v1/incidents?limit=${sql}`],
    ['fingerprint', (sql) => `/v1/alerts/evidence?fingerprint=${sql}`],
    ['name of an alert', (sql) => `/v1/alerts/evidence?name=${sql}`],
    ['startsAt', (sql) => `/v1/alerts/evidence?name=x&startsAt=${sql}`],
  ];
  for (const [what, path, method = 'GET'] of places) {
    test(`${what}: refused or nothing found, at once, and nothing happened`, async () => {
      for (const payload of payloads) {
        const { status, body, ms } = await ask(service, path(encodeURIComponent(payload)), { method });
        if (what === 'fingerprint' || what === 'name of an alert') {
          // Names of alerts may be anything; there is none like that.
          expect(status, payload).toBe(200);
          expect(body).toEqual({ occurrences: [], evidence: null });
        } else {
          expect([400, 404], `${payload}: ${JSON.stringify(body)}`).toContain(status);
          holds(status === 404 && 'nearest' in (body as object) ? 'NothingRecorded' : 'Error', body);
        }
        expect(ms, payload).toBeLessThan(atMost(2000));
      }
      await expectUntouched();
    });
  }

  test('in what is kept: it comes back as the text that it is', async () => {
    const sql = `'); DROP TABLE event; --`;
    const sent = { clientId: 'sql-in-a-title', title: sql, note: sql };
    const headers = { 'content-type': 'application/json' };
    const made = await ask<{ incident: { id: string } }>(service, '/v1/incidents', {
      method: 'POST',
      headers,
      body: JSON.stringify(sent),
    });
    expect(made.status).toBe(201);
    const { body } = await ask<{ incident: object; events: object[] }>(
      service,
      `/v1/incidents/${made.body.incident.id}`
    );
    expect(body.incident).toMatchObject({ title: sql });
    expect(body.events).toHaveLength(1);
  });
});

describe('SQL of the configuration', () => {
  test('reads, or is refused: nothing is written, no setting stays, nothing is left open', async () => {
    const seen = new Map<string, Record<string, unknown>>();
    // One round has not the time for all of these; every round asks from the first on, so they are asked in portions.
    for (const portion of [evil.slice(0, 12), evil.slice(12, 18), evil.slice(18)]) {
      const checks = { 'postgres.queries': { queries: portion.map(([name, sql]) => ({ name, sql })) } };
      const one = await serve([postgres.target({ checks })]);
      try {
        const found = await runCheck(one, TARGET, 'postgres.queries');
        found.rows.queries?.forEach((row) => seen.set(String(row.name), row));
        // The session is as harmless as before.
        expect((await runCheck(one, TARGET, 'postgres.connections')).state).toBe('ok');
        const after = await roundOf(one, TARGET);
        expect(after.class).toBe('ok');
        expect(after.ms).toBeLessThan(atMost(2000));
        expectNoSecret(JSON.stringify(after) + one.log());
        expect(JSON.stringify(found)).not.toMatch(/root:x|SCRAM-SHA/);
      } finally {
        await one.close();
      }
      await expectUntouched();
    }
    expect([...seen.keys()].sort()).toEqual(evil.map(([name]) => name).sort());
    const harmless = ['turns_read_only_off', 'turns_timeout_off', 'ends_sessions'];
    for (const [name, row] of seen) {
      if (!harmless.includes(name)) {
        expect(row.message, name).toMatch(
          /refused|denied|not permitted|permission|did not answer|read-only|not asked|cannot|locked|must be/
        );
      }
    }
    // The observer's session is a superuser's: it is still there.
    expect((await admin.query('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  });
});

describe('secrets that the servers know', () => {
  test('in running and counted queries, in errors and in the slow log: in no answer, record or log line', async () => {
    const app = await postgres.app();
    const client = await redis.admin();
    await client.sendCommand(['CONFIG', 'SET', 'slowlog-log-slower-than', '0']);
    await client.sendCommand(['SET', `session:${PRIVATE[3]}`, PRIVATE[2]]);
    await client.sendCommand(['GET', `session:${PRIVATE[3]}`]);
    await admin.query(`ALTER ROLE shop PASSWORD 'shop' VALID UNTIL 'infinity' /* ${PRIVATE[0]} */`);
    await admin.query(`COMMENT ON TABLE victim IS '${PRIVATE[2]}'`);
    const holding = await postgres.app('holder');
    await holding.query(
      `BEGIN; CREATE TABLE held AS SELECT '${PRIVATE[0]}' AS card, '${PRIVATE[1]}' AS email; LOCK TABLE held`
    );
    const running = app.query(`SELECT pg_sleep(3), '${PRIVATE[0]}', '${PRIVATE[1]}' AS "email" -- ${PRIVATE[2]}`);
    const sees = await until(
      'the running query is seen',
      () => runCheck(service, TARGET, 'postgres.statements'),
      (result) => JSON.stringify(result).includes('pg_sleep'),
      2500
    );
    holds('CheckResult', sees);
    const said: unknown[] = [sees];
    for (const path of ['/v1/rounds', `/v1/rounds?at=${Date.now()}`, '/metrics', `/v1/targets/${TARGET}/round`]) {
      said.push((await ask(service, path)).body);
    }
    said.push(await runCheck(service, 'shop-redis', 'redis.slowlog'));
    expect(JSON.stringify(said)).toContain('session:?');
    const everything = JSON.stringify(said) + service.log();
    for (const secret of PRIVATE) {
      expect(everything).not.toContain(secret);
    }
    expectNoSecret(everything);
    await running;
    await holding.query('ROLLBACK');
  });

  test('a wrong password of the service itself: told as such, and never shown', async () => {
    const wrong = await serve([
      postgres.target({ password: 'not-the-password-5150' }),
      redis.target({ password: 'not-the-password-5150' }),
    ]);
    try {
      const { body } = await ask<{ rounds: Array<{ class: string }> }>(wrong, '/v1/rounds');
      expect(body.rounds.map((round) => round.class)).toEqual(['auth', 'auth']);
      expect(JSON.stringify(body) + wrong.log()).not.toContain('not-the-password');
    } finally {
      await wrong.close();
    }
  });
});
