/** Checks that configuration fills: queries, migrations, row-level security. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { CheckResult } from '@live-runbooks/engine';
import type pg from 'pg';
import { parseConfig } from '../../src';
import { checkIn, cutShort, roundOf, runCheck, until } from '../rig/client';
import { type PostgresRig, noSecondSession, postgresRig } from '../rig/postgres';
import { TOKEN } from '../rig/secrets';
import { type TestService, serve } from '../rig/service';
import { TARGET, start } from './stage';
import { atMost } from '../rig/atMost';

let rig: PostgresRig;
let admin: pg.Client;
let service: TestService | undefined;

beforeAll(async () => {
  rig = await postgresRig();
  admin = await rig.admin();
  await admin.query(`
    CREATE TABLE jobs (id int PRIMARY KEY, state text NOT NULL, email text);
    INSERT INTO jobs SELECT i, CASE WHEN i <= 7 THEN 'failed' ELSE 'done' END, 'person' || i || '@example.org' FROM generate_series(1, 500) i;
    CREATE TABLE hidden (id int)`);
  await admin.query('GRANT SELECT ON jobs TO live_runbooks');
});
afterEach(async () => {
  await service?.close();
  service = undefined;
  await rig.disconnect();
  admin = await rig.admin();
});
afterAll(() => rig.dispose());

const asked = async (id: string, options: Record<string, unknown>) => {
  await service?.close();
  const started = (service = await serve([rig.target({ checks: { [id]: options } })]));
  return until(
    'the server was asked',
    () => runCheck(started, TARGET, id),
    (found) => !cutShort(found)
  );
};
const queriesOnce = (...list: object[]) => asked('postgres.queries', { queries: list });
/** Until the busy machine left each of them its time. */
const queries = (...list: object[]) =>
  until(
    'each was asked',
    () => queriesOnce(...list),
    ({ rows }) => !rows.queries?.some(({ message }) => /^(it did not answer|not asked: the time)/.test(String(message)))
  );
const failed = { name: 'failed_jobs', sql: `SELECT count(*) AS n FROM public.jobs WHERE state = 'failed'`, value: 'n' };

describe('postgres.queries', () => {
  test('not configured: not applicable', async () => {
    expect(await queries()).toMatchObject({ state: 'unknown', reason: 'not-applicable' });
  });

  test('quiet below the threshold, fires at it, and only named columns leave the service', async () => {
    // On a machine that is busy the first answer may be none.
    const calm = await until(
      'an answer',
      () => queries({ ...failed, warning: 8 }),
      (check) => check.state !== 'unknown'
    );
    expect(calm).toMatchObject({
      state: 'ok',
      value: 0,
      fields: { failed_jobs: 7 },
    });
    const found = await queries(
      { ...failed, warning: 5, critical: 7, mend: 'Look at the worker.' },
      { name: 'oldest', sql: 'SELECT id, email FROM public.jobs ORDER BY id LIMIT 3;', fields: ['id'], warning: 4 },
      { name: 'ratio', sql: 'SELECT 0.2::float8 AS r', value: 'r', below: true, warning: 0.5 }
    );
    expect(found).toMatchObject({
      state: 'critical',
      value: 2,
      mend: 'Look at the worker.',
      fields: { queries: 3, firing: 2, failing: 0, failed_jobs: 7, oldest: 3, ratio: 0.2 },
    });
    expect(found.rows.queries?.map((row) => row.state)).toEqual(['critical', 'ok', 'warning']);
    expect(found.rows.results).toEqual([1, 2, 3].map((id) => ({ query: 'oldest', row: id, id })));
    expect(JSON.stringify(found)).not.toContain('@example.org');
  });

  test('one that tries `commit; create table` is refused with 42601, is a finding, and nothing was created', async () => {
    const tries = [
      'select 1; commit; create table public.escaped (id int)',
      'commit',
      'select 1; rollback; set transaction_read_only = off; create table public.escaped (id int)',
    ];
    for (const sql of tries) {
      const found = await queries({ name: 'escape', sql }, failed);
      expect(found.state, sql).toBe('warning');
      expect(found.rows.queries?.[0], sql).toMatchObject({ name: 'escape', message: expect.stringContaining('42601') });
      expect(found.fields, sql).toMatchObject({ escape: null, failed_jobs: 7 });
    }
    const { rows } = await admin.query(`SELECT to_regclass('public.escaped') AS t`);
    expect(rows).toEqual([{ t: null }]);
  });

  test('cannot write, change a setting of the session, or keep a lock', async () => {
    await admin.query('CREATE TABLE writable (id int); GRANT INSERT, SELECT ON writable TO live_runbooks');
    const found = await queries(
      {
        name: 'writes',
        sql: 'WITH w AS (INSERT INTO public.writable VALUES (1) RETURNING id) SELECT count(*) AS n FROM w',
        value: 'n',
      },
      {
        name: 'unlimited',
        sql: `SELECT set_config('statement_timeout', '0', false) AS s, set_config('lock_timeout', '0', false)`,
      },
      { name: 'locks', sql: 'SELECT pg_advisory_lock(42) IS NOT NULL AS locked' }
    );
    expect(found.rows.queries?.[0]).toMatchObject({
      state: 'warning',
      message: expect.stringMatching(/^refused \((0A000|25006)\)/),
    });
    expect((await admin.query('SELECT count(*)::int AS n FROM writable')).rows).toEqual([{ n: 0 }]);
    expect((await admin.query(`SELECT count(*)::int AS n FROM pg_locks WHERE locktype = 'advisory'`)).rows).toEqual([
      { n: 0 },
    ]);
    // The session still gives up on its own statements.
    const states = ({ rows }: CheckResult) => rows.queries?.map((row) => `${row.name}: ${row.state}`).join(', ');
    // On a busy machine the slow one leaves no time for the others.
    const slow = await until(
      'the others are answered beside the slow one',
      () =>
        queriesOnce(
          { name: 'unlimited', sql: `SELECT set_config('statement_timeout', '0', false) AS s` },
          { name: 'slow', sql: 'SELECT pg_sleep(5)' },
          failed
        ),
      (check) => states(check) === 'unlimited: ok, slow: unknown, failed_jobs: ok'
    );
    expect(slow).toMatchObject({ state: 'unknown', reason: 'query-error' });
    expect(slow.tookMs).toBeLessThan(atMost(1500));
    await admin.query('DROP TABLE writable');
  });

  test('a missing GRANT, a missing schema, a wrong column, a locked table: each with what to do', async () => {
    const locker = await rig.admin('migration');
    await admin.query('CREATE TABLE busy (id int); GRANT SELECT ON busy TO live_runbooks');
    await locker.query('BEGIN; LOCK TABLE busy IN ACCESS EXCLUSIVE MODE');
    const found = await queries(
      { name: 'denied', sql: 'SELECT count(*) AS n FROM public.hidden', value: 'n' },
      { name: 'unqualified', sql: 'SELECT count(*) AS n FROM jobs', value: 'n' },
      { name: 'column', sql: 'SELECT 1 AS n', value: 'm' },
      { name: 'empty', sql: 'SELECT 1 AS n WHERE false', value: 'n' },
      { name: 'text', sql: `SELECT 'abc' AS n`, value: 'n' },
      { name: 'nan', sql: `SELECT 'NaN'::float8 AS n`, value: 'n' },
      { name: 'locked', sql: 'SELECT count(*) AS n FROM public.busy', value: 'n' },
      failed
    );
    const of = (name: string) => found.rows.queries?.find((row) => row.name === name);
    expect(found).toMatchObject({
      state: 'unknown',
      fields: { failing: 7, denied: null, empty: null, failed_jobs: 7 },
    });
    expect(of('denied')).toMatchObject({
      message: 'permission denied for table hidden',
      mend: 'GRANT SELECT ON public.hidden TO "live_runbooks";',
    });
    expect(of('unqualified')?.mend).toContain('with their schema');
    expect(of('column')).toMatchObject({ message: 'the result has no column "m"', mend: 'Its columns are: n.' });
    expect(of('empty')?.message).toContain('no row');
    expect(of('text')?.message).toContain('no number');
    expect(of('nan')).toMatchObject({ message: '"n" is NaN', mend: expect.stringContaining('nullif') });
    expect(of('locked')?.mend).toContain('postgres.blocking');
    await locker.query('ROLLBACK');
    await admin.query('DROP TABLE busy');
  });

  test('many slow ones leave the rest of the round its time', async () => {
    const list = Array.from({ length: 12 }, (_, n) => ({ name: `slow${n}`, sql: 'SELECT pg_sleep(2)' }));
    service = await serve([rig.target({ checks: { 'postgres.queries': { queries: list, everySeconds: 0 } } })]);
    const round = await roundOf(service, TARGET);
    expect(round.ms).toBeLessThan(atMost(2000));
    expect(checkIn(round, 'postgres.queries')).toMatchObject({ state: 'unknown', fields: { failing: 12 } });
    expect(checkIn(round, 'postgres.connections').state).toBe('ok');
    await noSecondSession(rig);
  });

  test('configuration says what is wrong with it', () => {
    const wrong = (checks: object): string => {
      try {
        parseConfig(
          JSON.stringify({ token: TOKEN, targets: [{ ...rig.target(), checks: { 'postgres.queries': checks } }] }),
          { file: 'c.yaml', env: {} }
        );
        return 'no error';
      } catch (error) {
        return error instanceof Error ? error.message : String(error);
      }
    };
    expect(wrong({ queries: [{ name: 'firing', sql: 'SELECT 1' }] })).toContain('queries[0].name');
    expect(wrong({ queries: [{ name: 'a b', sql: 'SELECT 1' }] })).toContain('a field name of letters');
    expect(wrong({ queries: [{ name: 'a', sql: 'SELECT 1', vlaue: 'n' }] })).toMatch(
      /queries\[0\].*vlaue[\s\S]*value, fields, warning/
    );
  });
});

describe('postgres.migrations', () => {
  const check = (options: object = {}) => asked('postgres.migrations', { ...options });
  const GRANT =
    'GRANT USAGE ON SCHEMA public TO "live_runbooks"; GRANT SELECT ON public.schema_migrations TO "live_runbooks";';

  test('none: not applicable; named and not there: not configured', async () => {
    expect(await check()).toMatchObject({ state: 'unknown', reason: 'not-applicable' });
    expect(await check({ table: 'app.versions' })).toMatchObject({ state: 'unknown', reason: 'not-configured' });
  });

  test('golang-migrate: the GRANT, current, behind, ahead, dirty, locked', async () => {
    await admin.query('CREATE TABLE schema_migrations (version bigint PRIMARY KEY, dirty boolean NOT NULL)');
    await admin.query('INSERT INTO schema_migrations VALUES (12, false)');
    const refused = await check();
    expect(refused).toMatchObject({ state: 'unknown', reason: 'no-permission', mend: GRANT });
    await admin.query(GRANT);
    const expected = ['0010', '0011', '0012'];
    expect(await check({ expected })).toMatchObject({
      state: 'ok',
      fields: { tool: 'golang-migrate', version: '12', dirty: false, missing: 0, unexpected: 0 },
    });
    expect(await check()).toMatchObject({ state: 'ok', fields: { missing: null, unexpected: null } });
    expect(await check({ expected: [...expected, '0013', '0014'] })).toMatchObject({
      state: 'warning',
      fields: { missing: 2 },
      rows: {
        problems: [
          { version: '0013', problem: 'missing' },
          { version: '0014', problem: 'missing' },
        ],
      },
    });
    expect(await check({ expected: ['0010', '0011'] })).toMatchObject({
      state: 'warning',
      rows: { problems: [{ version: '12', problem: 'unexpected' }] },
    });
    await admin.query('UPDATE schema_migrations SET dirty = true');
    const dirty = await check({ expected });
    expect(dirty).toMatchObject({ state: 'critical', fields: { dirty: true } });
    expect(dirty.mend).toContain('migrate force');
    const locker = await rig.admin('migration');
    await locker.query('BEGIN; LOCK TABLE schema_migrations IN ACCESS EXCLUSIVE MODE');
    expect(await check()).toMatchObject({
      state: 'unknown',
      reason: 'timeout',
      summary: 'public.schema_migrations is under AccessExclusiveLock',
    });
    await locker.query('ROLLBACK');
    await admin.query('DROP TABLE schema_migrations');
  });

  test('Flyway: a failed one is dirty, out of order is missing', async () => {
    await admin.query(`CREATE SCHEMA app; CREATE TABLE app.flyway_schema_history (installed_rank int PRIMARY KEY, version varchar(50), description text, success boolean);
      INSERT INTO app.flyway_schema_history VALUES (1, '1', 'init', true), (2, '2', 'more', true), (3, NULL, 'repeatable', true);
      GRANT USAGE ON SCHEMA app TO live_runbooks; GRANT SELECT ON app.flyway_schema_history TO live_runbooks`);
    expect(await check({ expected: ['1', '2'] })).toMatchObject({
      state: 'ok',
      fields: { tool: 'flyway', version: '2' },
    });
    expect(await check({ expected: ['1', '1.5', '2'] })).toMatchObject({
      state: 'warning',
      rows: { problems: [{ version: '1.5', problem: 'missing' }] },
    });
    await admin.query(`INSERT INTO app.flyway_schema_history VALUES (4, '3', 'broken', false)`);
    const failedOne = await check({ expected: ['1', '2', '3'] });
    expect(failedOne).toMatchObject({ state: 'critical', fields: { dirty: true } });
    expect(failedOne.rows.problems).toContainEqual({ version: '3', problem: 'dirty' });
    await admin.query('DROP SCHEMA app CASCADE');
  });

  test('a plain list of names', async () => {
    await admin.query(
      `CREATE TABLE applied ("filename" text); INSERT INTO applied VALUES ('001_init.sql'), ('003_extra.sql'); GRANT SELECT ON applied TO live_runbooks`
    );
    const found = await check({ table: 'applied', expected: ['001_init.sql', '002_users.sql'] });
    expect(found).toMatchObject({ state: 'warning', fields: { tool: 'plain', missing: 1, unexpected: 1 } });
    await admin.query('DROP TABLE applied');
  });
});

describe('postgres.row_security', () => {
  const check = (options: object = {}) => asked('postgres.row_security', { ...options });

  test('fires on each way to leave tenants together, then is quiet', async () => {
    expect(await check()).toMatchObject({ state: 'unknown', reason: 'not-applicable' });
    await admin.query(`
      CREATE TABLE bare (tenant_id uuid); CREATE TABLE policies_only (tenant_id uuid);
      CREATE POLICY p ON policies_only USING (true);
      CREATE TABLE no_policy (tenant_id uuid); ALTER TABLE no_policy ENABLE ROW LEVEL SECURITY;
      CREATE TABLE owned (tenant_id uuid); ALTER TABLE owned ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON owned USING (true);
      ALTER TABLE owned OWNER TO shop;
      CREATE ROLE bypasser BYPASSRLS`);
    const tables = ['bare', 'public.policies_only', 'no_policy', 'owned', 'gone'];
    const found = await check({ tables, applicationRoles: ['shop', 'bypasser'] });
    expect(found).toMatchObject({ state: 'critical', value: 6, fields: { unprotected: 5, tables: 5, bypassing: 1 } });
    expect(found.rows.unprotected).toEqual([
      {
        table: 'bare',
        problem: 'row-level security is not enabled',
        statement: 'ALTER TABLE public.bare ENABLE ROW LEVEL SECURITY;',
      },
      expect.objectContaining({ table: 'public.policies_only', problem: expect.stringContaining('has policies') }),
      expect.objectContaining({ table: 'no_policy', problem: expect.stringContaining('no policy') }),
      expect.objectContaining({ table: 'owned', statement: 'ALTER TABLE public.owned FORCE ROW LEVEL SECURITY;' }),
      expect.objectContaining({ table: 'gone', problem: 'there is no such table' }),
    ]);
    expect(found.rows.bypassing).toEqual([{ role: 'bypasser', why: 'it has BYPASSRLS' }]);

    await admin.query(`
      ALTER TABLE bare ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON bare USING (true);
      ALTER TABLE policies_only ENABLE ROW LEVEL SECURITY; CREATE POLICY p ON no_policy USING (true);
      ALTER TABLE owned FORCE ROW LEVEL SECURITY`);
    // Catalogs only: a lock on the table is not in the way.
    const ddl = await rig.admin('migration');
    start(ddl, 'BEGIN; LOCK TABLE bare IN ACCESS EXCLUSIVE MODE');
    const quiet = await check({ tables: tables.slice(0, 4), applicationRoles: ['shop'] });
    expect(quiet).toMatchObject({ state: 'ok', value: 0 });
  });
});

describe('costly checks', () => {
  test('are asked at their own pace, keep the time of their answer, and are asked anew on demand and after an outage', async () => {
    service = await serve([
      rig.target({ checks: { 'postgres.sizes': { everySeconds: 3600 }, 'postgres.freeze_age': { everySeconds: 0 } } }),
    ]);
    const mine = service;
    const first = await roundOf(mine, TARGET);
    const askedAt = (round: typeof first, id: string): number => checkIn(round, id).askedAt;
    const later = await until(
      'another round',
      () => roundOf(mine, TARGET),
      (round) => round.startedAt > first.startedAt
    );
    expect(askedAt(later, 'postgres.sizes')).toBe(askedAt(first, 'postgres.sizes'));
    expect(askedAt(later, 'postgres.sizes')).toBeLessThan(later.startedAt);
    expect(askedAt(later, 'postgres.freeze_age')).toBeGreaterThan(askedAt(first, 'postgres.freeze_age'));
    const now = await runCheck(mine, TARGET, 'postgres.sizes');
    expect(now.askedAt).toBeGreaterThan(later.startedAt);
    const after = await until(
      'a round with it',
      () => roundOf(mine, TARGET),
      (round) => round.startedAt > now.askedAt
    );
    expect(askedAt(after, 'postgres.sizes')).toBe(now.askedAt);

    await rig.disconnect();
    await rig.server.stop('fast');
    const down = await until(
      'it is down',
      () => roundOf(mine, TARGET),
      (round) => round.class === 'refused'
    );
    expect(checkIn(down, 'postgres.sizes')).toMatchObject({ state: 'unknown', value: null });
    await rig.server.start();
    const back = await until(
      'it is back',
      () => roundOf(mine, TARGET),
      (round) => round.class === 'ok'
    );
    expect(checkIn(back, 'postgres.sizes')).toMatchObject({ state: 'ok' });
    expect(askedAt(back, 'postgres.sizes')).toBeGreaterThanOrEqual(back.startedAt);
  });
});
