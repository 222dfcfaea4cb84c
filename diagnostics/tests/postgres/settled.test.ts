/** Whatever settings, encodings, names and rights a server has: the answers are the same, or they say what is hidden. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type pg from 'pg';
import { checkIn, cutShort, roundOf, runCheck, until, untilState } from '../rig/client';
import { type PostgresRig, postgresRig } from '../rig/postgres';
import { needs } from '../rig/needs';
import { before } from '../rig/postgresVersion';
import { type TestService, serve } from '../rig/service';
import { TARGET, start } from './stage';

let rig: PostgresRig;
let admin: pg.Client;
let service: TestService | undefined;

const run = async (more: Record<string, unknown> = {}): Promise<TestService> => {
  service = await serve([rig.target(more)]);
  return service;
};

beforeAll(async () => {
  rig = await postgresRig();
  admin = await rig.admin();
  await admin.query(
    'CREATE TABLE orders (id int PRIMARY KEY, tenant int); INSERT INTO orders SELECT i, i FROM generate_series(1, 100) i'
  );
  await admin.query('ANALYZE orders');
});
afterEach(async () => {
  await service?.close();
  service = undefined;
});
afterAll(() => rig.dispose());

test('settings of the role change no answer', async () => {
  const role = async (what: string): Promise<void> => {
    for (const setting of [
      "datestyle %= 'German, DMY'",
      "intervalstyle %= 'sql_standard'",
      "timezone %= 'Asia/Tokyo'",
      "search_path %= 'public'",
      "default_transaction_isolation %= 'serializable'",
      "standard_conforming_strings %= 'off'",
      "quote_all_identifiers %= 'on'",
      "bytea_output %= 'escape'",
      "row_security %= 'off'",
      "extra_float_digits %= '-10'",
      "idle_in_transaction_session_timeout %= '20ms'",
    ]) {
      const [name = '', value = ''] = setting.split(' %= ');
      await admin.query(
        what === 'SET' ? `ALTER ROLE live_runbooks SET ${name} = ${value}` : `ALTER ROLE live_runbooks RESET ${name}`
      );
    }
  };
  const asked = async (): Promise<string> => {
    const running = await run({ checks: { 'postgres.table_use': { enabled: false } } });
    const round = await until(
      'rates',
      () => roundOf(running, TARGET),
      (each) => each.checks.every((check) => check.reason !== 'no-series' && !cutShort(check))
    );
    await running.close();
    service = undefined;
    return round.checks.map((check) => `${check.id} ${check.state} ${check.reason ?? ''}`).join('\n');
  };
  const usual = await asked();
  await role('SET');
  try {
    // A busy machine can be a finding for a round.
    await until('the usual answers', asked, (answers) => answers === usual);
    const reset = await runCheck(await run(), TARGET, 'postgres.statements');
    const told = before(14, 'pg_stat_statements_info') === undefined;
    expect(String(reset.fields.resetAt)).toMatch(told ? /^\d{4}-\d\d-\d\dT/ : /^null$/);
  } finally {
    await role('RESET');
  }
});

test('a statement of another encoding, in a database of another one, and a role with quotes', async () => {
  await admin.query("CREATE DATABASE kana ENCODING 'EUC_JP' LOCALE 'C' TEMPLATE template0");
  await admin.query(`CREATE ROLE "mön""itor" LOGIN PASSWORD 'pw-of-the-other'`);
  const other = await rig.app('writer');
  start(other, `SELECT pg_sleep(30), 'čšž €'`);
  const running = await run({ database: 'kana', user: 'mön"itor', password: 'pw-of-the-other' });
  expect(await runCheck(running, TARGET, 'postgres.connections')).toMatchObject({
    state: 'unknown',
    reason: 'no-permission',
    mend: 'GRANT pg_monitor TO "mön""itor";',
  });
  await admin.query('GRANT pg_monitor TO "mön""itor"');
  for (const id of ['connections', 'blocking', 'transactions', 'autovacuum', 'xmin_holders']) {
    await untilState(running, TARGET, `postgres.${id}`, 'ok');
  }
});

test('statements too large to be read: the finding without its text, and the round goes on', async () => {
  const app = await rig.app('large');
  // 60 MB of texts, each of another statement.
  for (let n = 0; n < 60; n += 1) {
    await app.query(
      `SELECT ${Array.from({ length: 1 }, () => `'${'x'.repeat(10)}' AS "${'c'.repeat(20)}${n}"`).join(',')} /* ${'y'.repeat(1_000_000)} */`
    );
  }
  const running = await run({ checks: { 'postgres.statements': { minCalls: 2, minBusy: 0 } } });
  const slow = async () => {
    await app.query('SELECT pg_sleep(0.05)');
    return roundOf(running, TARGET);
  };
  const round = await until('slow', slow, (each) => checkIn(each, 'postgres.statements').state === 'warning');
  expect(round.checks.filter((check) => check.reason === 'timeout' || check.reason === 'query-error')).toEqual([]);
  const first = checkIn(round, 'postgres.statements').rows.slow?.[0];
  expect(String(first?.query)).toMatch(/pg_sleep/);
  await admin.query('SELECT pg_stat_statements_reset()');
});

describe('blind is never ok', () => {
  test('pg_stat_statements.track = none: unknown, with the setting', () => isBlind('pg_stat_statements.track', 'none'));
  needs(before(14, 'compute_query_id'))('compute_query_id = off: unknown, with the setting', () =>
    isBlind('compute_query_id', 'off')
  );

  async function isBlind(name: string, value: string): Promise<void> {
    const running = await run();
    await untilState(running, TARGET, 'postgres.statements', 'ok');
    await admin.query(`ALTER SYSTEM SET ${name} = '${value}'`);
    await admin.query('SELECT pg_reload_conf()');
    try {
      const blind = await untilState(running, TARGET, 'postgres.statements', 'unknown');
      expect(blind.reason).toBe('not-configured');
      expect(blind.summary).toContain(`${name} is ${value}`);
      expect(blind.mend).toContain(`ALTER SYSTEM SET ${name}`);
    } finally {
      await admin.query(`ALTER SYSTEM RESET ${name}`);
      await admin.query('SELECT pg_reload_conf()');
    }
  }

  test('a role whose statements are not counted', async () => {
    await admin.query('ALTER ROLE shop SET pg_stat_statements.track = none');
    try {
      const running = await run();
      const blind = await until(
        'blind',
        () => runCheck(running, TARGET, 'postgres.statements'),
        (each) => each.reason === 'not-configured'
      );
      expect(blind.mend).toContain('ALTER ROLE "shop" RESET pg_stat_statements.track');
    } finally {
      await admin.query('ALTER ROLE shop RESET pg_stat_statements.track');
    }
  });

  test('rights that go away are noticed in the next answer', async () => {
    const other = await rig.app('other');
    await other.query('SELECT 1');
    const running = await run();
    await untilState(running, TARGET, 'postgres.connections', 'ok');
    await admin.query('REVOKE pg_monitor FROM live_runbooks');
    try {
      for (const id of ['connections', 'blocking', 'transactions', 'xmin_holders']) {
        expect(await runCheck(running, TARGET, `postgres.${id}`), id).toMatchObject({
          state: 'unknown',
          reason: 'no-permission',
          mend: 'GRANT pg_monitor TO "live_runbooks";',
        });
      }
    } finally {
      await admin.query('GRANT pg_monitor TO live_runbooks');
    }
    await untilState(running, TARGET, 'postgres.connections', 'ok');
  });

  test('rows that a policy hides from a configured query', async () => {
    await admin.query('ALTER TABLE orders ENABLE ROW LEVEL SECURITY; GRANT SELECT ON orders TO live_runbooks');
    const queries = [{ name: 'open', sql: 'SELECT count(*) AS n FROM public.orders', value: 'n', warning: 50 }];
    const running = await run({ checks: { 'postgres.queries': { queries } } });
    const blind = await runCheck(running, TARGET, 'postgres.queries');
    expect(blind).toMatchObject({ state: 'unknown', fields: { open: null } });
    expect(blind.summary).toContain('row-level security of public.orders hides rows');
    const [grant = ''] = /CREATE POLICY .*;/.exec(String(blind.mend)) ?? [];
    await admin.query(grant);
    expect(await runCheck(running, TARGET, 'postgres.queries')).toMatchObject({
      state: 'warning',
      fields: { open: 100 },
    });
  });
});
